package csvtext

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
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

// TestTextsAboutAsLongAsTheFirstBuffer: where a text ends is no part of what is in it.
func TestTextsAboutAsLongAsTheFirstBuffer(t *testing.T) {
	for _, size := range []int{1, smallBytes - 1, smallBytes, smallBytes + 1, smallBytes + Padding, BlockBytes - 1, BlockBytes, BlockBytes + 1} {
		for _, end := range []string{"\n", "x"} {
			text := strings.Repeat("ab,\"c\nd\"\n", size/9+1)
			text = text[len(text)-size:][:size-1] + end
			blocks := NewBlocks(iotest.HalfReader(strings.NewReader(text)), ',')
			var all, buf []byte
			var block Text
			var err error
			for n := 0; ; n++ {
				if block, buf, err = blocks.Next(buf); err != nil {
					break
				}
				if block.Number != n || len(buf) < len(block.Bytes)+Padding {
					t.Fatalf("%d bytes: block %d has the number %d, and %d bytes of %d", size, n, block.Number, len(block.Bytes), len(buf))
				}
				all = append(all, block.Bytes...)
			}
			if got := strings.TrimSuffix(string(all), "\n"); !errors.Is(err, io.EOF) || got != strings.TrimSuffix(text, "\n") || all[len(all)-1] != '\n' {
				t.Errorf("%d bytes and %q: %d bytes in blocks, error %v", size-1, end, len(all), err)
			}
		}
	}
}

// TestTheLastRecordEndsWhereFieldsSay compares the look at quotes with that at every field, on texts of few kinds of bytes.
func TestTheLastRecordEndsWhereFieldsSay(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 7))
	for range 300_000 {
		text := make([]byte, r.IntN(40))
		for i := range text {
			text[i] = "ab,,\n\r\"\"\"x"[r.IntN(10)]
		}
		if got, want := lastRecordEnd(text, ','), endBeforeQuotes(text, ','); got != want {
			t.Fatalf("%q: the last record ends at %d by quotes, at %d by fields", text, got, want)
		}
	}
}
