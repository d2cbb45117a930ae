// Package csvtext finds where blocks, records and fields of a CSV text begin and end: quotes,
// line ends of either kind, a header line, lines to be passed over. Its blocks are whole
// records, so that each can be parsed apart from the others. It knows nothing of what fields mean, of columns and of
// tables.
package csvtext

import "errors"

// ErrNotUTF8 is why a name or a value is refused.
var ErrNotUTF8 = errors.New("is not UTF-8: if the file is in another encoding, table.Encoding names it, such as ISO-8859-1")

// ErrBareCR is why a name or a value with a carriage return and no quotes is refused: where it
// ends a line, rows would be read as one.
var ErrBareCR = errors.New("a carriage return stands alone, outside of quotes: lines end in \\n or \\r\\n; convert the file, for example with tr '\\r' '\\n'")
