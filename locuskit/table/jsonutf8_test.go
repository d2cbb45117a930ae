package table_test

import (
	"strings"
	"testing"

	"locuslab/locuskit/table"
)

// TestJSONThatIsNotUTF8IsRefused has texts in which encoding/json would put U+FFFD, so that two places become one.
func TestJSONThatIsNotUTF8IsRefused(t *testing.T) {
	for text, place := range map[string]string{
		"[{\"name\":\"Montr\xe9al\"},{\"name\":\"Qu\xe9bec\"}]":        `row 1, column "name": byte 15, in line 1`,
		"{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"caf\xe9\"}\n": `row 2, column "name": byte 39, in line 2`,
		"[{\"caf\xe9\":1}]":      "row 1: byte 6, in line 1",
		`[{"a":"\ud800"}]`:       `row 1, column "a": byte`,
		`[{"a":["x","\udc00"]}]`: `row 1, column "a": byte`,
		"[{\"a\":1}]\n\xff":      "after row 1",
		"[{\"a\":\"" + strings.Repeat("é", 70_000) + "\xc3\"}]": `row 1, column "a": byte 140007, in line 1`,
	} {
		_, err := table.ParseJSON(t.Context(), strings.NewReader(text), "x.json")
		if err == nil || !strings.Contains(err.Error(), place) || !strings.Contains(err.Error(), "x.json") {
			t.Errorf("%.60q: %v, want %q", text, err, place)
		}
	}
	for _, text := range []string{`[{"a":"\ud83d\ude00 é \ufffd"}]`, `[{"a":"\\ud800"}]`} {
		if _, err := table.ParseJSON(t.Context(), strings.NewReader(text), "x.json"); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
