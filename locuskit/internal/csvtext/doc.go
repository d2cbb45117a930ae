// Package csvtext finds where blocks, records and fields of a CSV text begin and end: quotes,
// line ends of either kind, a byte order mark, a header line. Its blocks are whole records, so
// that each can be parsed apart from the others. It knows nothing of what fields mean, of
// columns and of tables.
package csvtext

import "errors"

// ErrNotUTF8 is why a name or a value is refused.
var ErrNotUTF8 = errors.New("is not UTF-8: convert the file, for example with iconv -f LATIN1 -t UTF-8")
