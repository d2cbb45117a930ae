// Package utf8text makes UTF-8 of texts in other encodings, for readers of formats that are
// UTF-8: without a byte order mark, and never with a replacement for what it did not understand.
// It knows nothing of those formats.
package utf8text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ByteOrderMark may stand before a text, as spreadsheets write it.
var ByteOrderMark = []byte("\xef\xbb\xbf")

// Decode returns the text of r in UTF-8, without a byte order mark. name is the encoding's name as
// IANA registers it; without one it is UTF-8, or UTF-16 where a byte order mark says so.
func Decode(r io.Reader, name string) (io.Reader, error) {
	var from encoding.Encoding
	if name != "" && !strings.EqualFold(name, "UTF-8") && !strings.EqualFold(name, "UTF8") {
		var err error
		if from, err = ianaindex.IANA.Encoding(name); err != nil || from == nil {
			return nil, fmt.Errorf("the encoding %q is not known: use a name of IANA's, such as ISO-8859-1, windows-1252 or UTF-16", name)
		}
	} else {
		head := make([]byte, 3)
		n, err := io.ReadFull(r, head)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		head = head[:n]
		if bytes.Equal(head, ByteOrderMark) {
			return r, nil
		}
		r = io.MultiReader(bytes.NewReader(head), r)
		if !bytes.HasPrefix(head, []byte("\xff\xfe")) && !bytes.HasPrefix(head, []byte("\xfe\xff")) {
			return r, nil
		}
		name, from = "UTF-16", unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	}
	return transform.NewReader(r, transform.Chain(from.NewDecoder(), &noReplacement{encoding: name})), nil
}

// noReplacement passes a text on until the character that decoders put where they understood
// nothing.
type noReplacement struct {
	encoding string
	at       int64
}

func (n *noReplacement) Reset() { n.at = 0 }

func (n *noReplacement) Transform(dst, src []byte, atEOF bool) (written, read int, err error) {
	const replacement = "\uFFFD"
	whole := len(src)
	for k := 1; k < len(replacement) && !atEOF; k++ { // which may begin at the end of what is there
		if bytes.HasSuffix(src, []byte(replacement[:k])) {
			whole, err = len(src)-k, transform.ErrShortSrc
		}
	}
	if i := bytes.Index(src[:whole], []byte(replacement)); i >= 0 {
		return 0, 0, fmt.Errorf("near byte %d of its text: there is what is no character of %s: is the file in that encoding?", n.at+int64(i), n.encoding)
	}
	copied := copy(dst, src[:whole])
	if copied < whole {
		err = transform.ErrShortDst
	}
	n.at += int64(copied)
	return copied, copied, err
}
