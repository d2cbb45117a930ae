package display_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"locuslab/kernel/display"
)

// Text is the same however its bytes are cut, and no piece of it has half of a character.
func TestTextIsNotCutWithinCharacters(t *testing.T) {
	const text = "aé€𝄞e\u0301\r\n\xff\xc3x\xe2\x82y𝄞"
	for from := range len(text) {
		for to := from; to <= len(text); to++ {
			var c display.Characters
			var got strings.Builder
			for _, piece := range []string{text[:from], text[from:to], text[to:]} {
				whole := c.Take([]byte(piece))
				if r, size := utf8.DecodeLastRuneInString(whole); r == utf8.RuneError && size == 1 && !strings.HasSuffix(whole, "\xff") && !strings.HasSuffix(whole, "\x82") {
					t.Errorf("cut at %d and %d: %q ends within a character", from, to, whole)
				}
				got.WriteString(whole)
			}
			got.WriteString(c.Rest())
			if got.String() != text {
				t.Errorf("cut at %d and %d: %q", from, to, got.String())
			}
		}
	}
}

func TestWhole(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "a": 1, "é": 2, "\xc3": 0, "a\xc3": 1, "€": 3, "\xe2\x82": 0, "𝄞": 4, "𝄞"[:3]: 0, "x" + "𝄞"[:1]: 1,
		"\xff": 1, "\x82": 1, "\x82\x82\x82\x82\x82": 5, "\xc3a": 2,
	} {
		if got := display.Whole(text); got != want {
			t.Errorf("of %q %d bytes are whole, want %d", text, got, want)
		}
		if got := display.Whole([]byte(text)); got != want {
			t.Errorf("of the bytes %q %d are whole, want %d", text, got, want)
		}
	}
}

// pieces is an Output that keeps what is written.
type pieces map[display.Stream][]string

func (p pieces) Write(s display.Stream, text string) { p[s] = append(p[s], text) }
func (p pieces) Display(display.Bundle)              {}
func (p pieces) Result(display.Bundle)               {}
func (p pieces) Clear(bool)                          {}
func (p pieces) Input(context.Context, string, bool) (string, error) {
	return "", io.EOF
}

func TestWriters(t *testing.T) {
	got := pieces{}
	stdout, stderr := display.Writers(got)
	const text = "größer als 5 €"
	if _, err := io.Copy(stdout, iotest.OneByteReader(strings.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	if _, err := stderr.Write([]byte("end \xe2\x82")); err != nil {
		t.Fatal(err)
	}
	stdout.Flush()
	stderr.Flush()
	for _, piece := range got[display.Stdout] {
		if !utf8.ValidString(piece) {
			t.Errorf("%q is half of a character", piece)
		}
	}
	if all := strings.Join(got[display.Stdout], ""); all != text {
		t.Errorf("standard output is %q", all)
	}
	if all := strings.Join(got[display.Stderr], ""); all != "end \xe2\x82" {
		t.Errorf("standard error is %q", all)
	}
}
