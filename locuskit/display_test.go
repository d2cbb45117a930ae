package locuskit

import (
	"strings"
	"testing"
	"time"
)

func TestConnectionsAsText(t *testing.T) {
	at := time.Date(2021, 1, 21, 19, 48, 9, 90e6, time.UTC)
	list := Connections{
		{ID: 1576, SetID: 122, SetName: "COVID Ontario", Columns: Columns(`{"Row_ID":1}`), Whitelabel: 1, Customer: 9324,
			Type: "google sheet", Name: "été 東京", Created: at, Updated: at, LastSync: at, Records: 197152},
		{ID: 5, Name: "a\nb\x1b[31m"},
	}
	lines := strings.Split(list[:1].String(), "\n")
	const want = `0  1576     122  COVID Ontario  {"Row_ID":1}           1      9324  google sheet  été 東京  2021-01-21T19:48:09.090Z`
	if len(lines) != 2 || !strings.HasPrefix(lines[1], want) {
		t.Errorf("got\n%s\nwant\n%s…", list[:1], want)
	}
	if n := strings.Count(list.String(), "\n"); n != 2 || strings.Contains(list.String(), "\x1b") {
		t.Errorf("a cell broke the table: %q", list.String())
	}
}

func TestTablesEscapeHTML(t *testing.T) {
	got := Whitelabels{{ID: 1, Company: `<script>alert("x")</script>`}}.HTML()
	if strings.Contains(got, "<script") || !strings.Contains(got, "&lt;script&gt;") {
		t.Errorf("not escaped: %s", got)
	}
	if strings.Contains(got, "color") {
		t.Errorf("a colour of its own is illegible in one of the themes: %s", got)
	}
}

func TestLongListsAreCut(t *testing.T) {
	long := make(Whitelabels, 1000)
	for name, shown := range map[string]string{"text": long.String(), "HTML": long.HTML()} {
		if !strings.Contains(shown, "1000 rows × 2 columns") || !strings.Contains(shown, "999") || strings.Contains(shown, "500") {
			t.Errorf("%s of 1000 rows: %s", name, shown)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"null", "[]", `[{"id":1,"set_id":1,"set_name":"a","columns":{"a":{}},"whitelabel":1,"customer":1,"type":"b","name":null,"created":"2021-01-21T19:48:09.099Z","updated":null,"last_sync":null,"is_syncing":false,"records":1}]`, `[{"id":1}]`, `[{"id":"x"}]`, "[", "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		list, err := connectionsOf(Whitelabel{ID: 1}).read(body)
		if err != nil {
			_ = err.Error()
			return
		}
		if list == nil {
			t.Errorf("%q passed as a list", body)
		}
		_, _ = list.HTML(), list.String()
	})
}
