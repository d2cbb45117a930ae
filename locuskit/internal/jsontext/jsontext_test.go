package jsontext

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCheck(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":"é 世界 \u00e9 \ud83d\ude00 \\ud800 \" "}`: "",
		"{\"a\":\"caf\xe9\"}":                          "byte 9, in line 1",
		"[\n\"ok\",\n\"\xc3\"]":                        "byte 9, in line 3",
		`["\ud800"]`:                                   "half of a surrogate pair",
		`["\udc00"]`:                                   "half of a surrogate pair",
		`["\ud800\ud800"]`:                             "half of a surrogate pair",
		`["\ud800\n"]`:                                 "half of a surrogate pair",
		`["\ud800x\udc00"]`:                            "half of a surrogate pair",
		`["\uD83D\uDE00"]`:                             "",
		"\xed\xa0\x80":                                 "not UTF-8",
		"\"\xf0\x9f\x98":                               "not UTF-8",
		`"\ud800`:                                      "half",
		`"\uzzzz"`:                                     "",
		"":                                             "",
		"\"\uFFFD\"":                                   "",
		"\"\xff\xfe[\x00]\x00\"":                       "byte 1, in line 1",
		strings.Repeat("é\\n", 999):                    "",
	} {
		if err := Check([]byte(text)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// FuzzCheck holds the checker against encoding/json, which puts U+FFFD where a fault is, and the reader, which gets
// the text a byte at a time, against the check of the whole.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{`["é\ud83d\ude00"]`, `["\ud800"]`, "[\"\xff\"]", `{"\udc00":"\\u"}`, "\"\xe4\xb8\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		whole := Check(text)
		if json.Valid(text) {
			var compacted bytes.Buffer
			if err := json.Compact(&compacted, text); err != nil {
				t.Fatal(err)
			}
			var v any
			d := json.NewDecoder(bytes.NewReader(text))
			d.UseNumber()
			if err := d.Decode(&v); err != nil {
				return // numbers apart, nothing valid is refused; a depth beyond json's is
			}
			back, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			meant := bytes.Count(text, []byte("\uFFFD")) + strings.Count(strings.ToLower(string(text)), `\ufffd`)
			if replaced := bytes.Contains(back, []byte("\uFFFD")); replaced && meant == 0 && whole == nil {
				t.Errorf("%q passed, and became %q", text, back)
			}
		}
		got, parts := io.ReadAll(NewReader(iotest.OneByteReader(bytes.NewReader(text))))
		if (whole == nil) != (parts == nil) || whole == nil && !bytes.Equal(got, text) {
			t.Fatalf("%q: whole %v, byte by byte %v", text, whole, parts)
		}
		var a, b *Error
		if errors.As(whole, &a) && errors.As(parts, &b) && (a.Problem != b.Problem || a.Line != b.Line) {
			t.Errorf("%q: whole %v, byte by byte %v", text, whole, parts)
		}
	})
}
