package journal

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReplay reads back what was kept, also behind a line that was cut off, and keeps a second fetch from the file.
func TestReplay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fetch.jsonl")
	open := func() *Journal {
		j, err := Open(path, "connections", "http://localhost", []int{1, 2, 3}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	replay := func(j *Journal) map[int]string {
		got := make(map[int]string)
		if err := j.Replay(3, func(i int, value json.RawMessage) error { got[i] = string(value); return nil }); err != nil {
			t.Fatal(err)
		}
		return got
	}
	j := open()
	if got := replay(j); len(got) != 0 {
		t.Errorf("a new journal holds %v", got)
	}
	if _, err := Open(path, "connections", "http://localhost", []int{1, 2, 3}, 1000); err == nil || !strings.Contains(err.Error(), "another fetch is using it") {
		t.Errorf("opened twice: %v", err)
	}
	for i, value := range []string{`["<&>"]`, `{"n":1.50}`} {
		if err := j.Keep(i, json.RawMessage(value)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := j.file.WriteString(`{"i":2,"v":[1`); err != nil {
		t.Fatal(err)
	}
	j.Close()

	j = open()
	if got := replay(j); len(got) != 2 || got[0] != `["<&>"]` || got[1] != `{"n":1.50}` {
		t.Errorf("kept %v", got)
	}
	if err := j.Keep(2, json.RawMessage(`[]`)); err != nil {
		t.Fatal(err)
	}
	j.Close()

	j = open()
	defer j.Close()
	if got := replay(j); len(got) != 3 || got[2] != "[]" {
		t.Errorf("kept after the cut-off line: %v", got)
	}
	other, err := Open(path+"2", "connections", "http://localhost", []int{1, 2}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.file.Write(text); err != nil {
		t.Fatal(err)
	}
	if _, err := other.file.Seek(0, 0); err != nil {
		t.Fatal(err)
	}
	if err := other.Replay(2, nil); err == nil || !strings.Contains(err.Error(), "another fetch") {
		t.Errorf("the journal of a longer list: %v", err)
	}
}

// FuzzJournal reads any file as a journal: it never yields an item beyond the list, or a value beyond the bound.
func FuzzJournal(f *testing.F) {
	head := header{"connections", "00"}
	const first = `{"fetch":"connections","items":"00"}` + "\n"
	for _, seed := range []string{"", first, first + `{"i":0,"v":[]}` + "\n", first + `{"i":0,"v":[{"id":1}]}` + "\n" + `{"i":1,"v"`, "x", first + "{}\n", first[:9], first + `{"v":[]}` + "\n", first + `{"i":0,"v":null}` + "\n", first + strings.Repeat("x", 2000)} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const most = 1000
		end, err := read(bytes.NewReader(text), head, most, 3, func(i int, value json.RawMessage) error {
			if i < 0 || i >= 3 || len(value) == 0 || len(value) > most+100 {
				t.Errorf("%q: item %d of 3: %q", text, i, value)
			}
			var list []struct{ ID int }
			return json.Unmarshal(value, &list)
		})
		if err != nil {
			_ = err.Error()
			return
		}
		if end > int64(len(text)) || end > 0 && text[end-1] != '\n' {
			t.Errorf("%q: goes on at %d", text, end)
		}
	})
}
