package csvtext

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestBlocksAreWholeRecords cuts texts with quotes and line ends near every border.
func TestBlocksAreWholeRecords(t *testing.T) {
	for name, record := range map[string]string{
		"plain":           "abc,123\n",
		"quoted line end": "\"a\nb\",\"c\"\"\n\"\r\n",
		"long":            strings.Repeat("x", BlockBytes/3) + ",\"" + strings.Repeat("y\n", 1000) + "\"\n",
		"longer than one": "\"" + strings.Repeat("z\n", BlockBytes) + "\",1\n",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(record, max(3, 3*BlockBytes/len(record)))
			blocks := NewBlocks(iotest.HalfReader(strings.NewReader(text)), ',')
			var all bytes.Buffer
			for n := 0; ; n++ {
				block, _, err := blocks.Next(nil)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				if block.Number != n || !blocks.Ended() && !strings.HasSuffix(string(block.Bytes), record[max(0, len(record)-9):]) {
					t.Errorf("block %d, the %dth, ends in %q", block.Number, n, block.Bytes[max(0, len(block.Bytes)-20):])
				}
				all.Write(block.Bytes)
			}
			if all.String() != text {
				t.Errorf("the blocks have %d bytes of %d, or others", all.Len(), len(text))
			}
		})
	}
}

func TestATextThatBreaksOffIsNoWholeText(t *testing.T) {
	blocks := NewBlocks(io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(io.ErrUnexpectedEOF)), ',')
	if _, _, err := blocks.Next(nil); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v", err)
	}
}

func TestFields(t *testing.T) {
	for _, c := range []struct {
		text, value string
		end         int
		ok          bool
	}{
		{"a,b\n", "a", 1, true}, {",\n", "", 0, true}, {"a\r\n", "a", 1, true}, {"\"a,b\",c\n", "a,b", 5, true}, {"\"a\"\"b\"\n", `a"b`, 6, true},
		{"\"a\"x,b\n", "a", 4, false}, {"\"a\n", "\"a\n", 2, false}, {"a\"b\n", `a"b`, 3, true},
	} {
		end, value, ok := Field([]byte(c.text), 0, ',')
		if ok && c.text[0] == '"' {
			value = Unquote(value)
		}
		if end != c.end || string(value) != c.value || ok != c.ok {
			t.Errorf("%q: field %q to %d, %v", c.text, value, end, ok)
		}
	}
}
