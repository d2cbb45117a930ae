package locuskit

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"
)

// decoded is what a decoder may make of any text at all: a value that can be used, or an error that can be read.
func decoded[T any](t *testing.T, body []byte, use func(T)) {
	var v T
	err := error(nil)
	if own, ok := any(&v).(streamed); ok {
		_, err = decodeStream(&http.Response{Body: io.NopCloser(bytes.NewReader(body))}, 1<<20, own)
	} else {
		err = decode(body, &v)
	}
	if err != nil {
		_ = err.Error()
		return
	}
	use(v)
}

func FuzzDecodeAnswers(f *testing.F) {
	for _, seed := range []string{
		"null", "[]", "{}", "[null]", "[[]]", "\xff", `[{"whitelabelid":1,"company":"Atom"}]`,
		`[{"geo_id":"L0K1S0","poi_id":1,"visits":2,"visitors":1}]`, `[{"geo_id":"L0K1S0","poi_id":1,"visits":2}`,
		`[{"date_range_type":"week","date_range":{"date_type":2,"start_date":"2020-01-01T00:00:00.000Z","end_date":"2020-01-05T00:00:00.000Z"}}]`,
		`{"type":"Feature","properties":{"geo_id":"L0K1S0"},"geometry":{"type":"Polygon","coordinates":[[[1,2]]]}}`,
		`{"columns":["a"],"rows":[[1]]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		decoded(t, body, func(w Whitelabels) { _, _ = w.HTML(), w.String() })
		decoded(t, body, func(list Frequencies) { _ = list.String() })
		decoded(t, body, func(one Feature) {
			if one.Geometry.Type == "" {
				t.Errorf("%q passed as an outline", body)
			}
		})
		decoded(t, body, func(n numbersByCode) { _ = n.check("x", 1) })
		decoded(t, body, func(rows visitRows) {
			table, err := rows.table()
			if err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			_ = table.String()
		})
	})
}

// FuzzCheckpoint reads any file as a checkpoint: it never yields an item twice or beyond the list.
func FuzzCheckpoint(f *testing.F) {
	head := journalHead{"connections", "00"}
	const first = `{"fetch":"connections","items":"00"}` + "\n"
	for _, seed := range []string{"", first, first + `{"i":0,"v":[]}` + "\n", first + `{"i":0,"v":[{"id":1}]}` + "\n" + `{"i":1,"v"`, "x", first + "{}\n", first[:9]} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		end, err := readJournal(bytes.NewReader(text), head, func(i int, _ Connections) bool {
			if i < 0 || i >= 3 {
				t.Errorf("%q: item %d of 3", text, i)
			}
			return true
		}, 3)
		if err != nil {
			_ = err.Error()
			return
		}
		if end > int64(len(text)) || end > 0 && text[end-1] != '\n' {
			t.Errorf("%q: goes on at %d", text, end)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "120", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999", "1e9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		resp := &http.Response{Header: http.Header{"Retry-After": {value}}}
		if wait, _ := retryAfter(resp, time.Unix(1_600_000_000, 0)); wait < 0 {
			t.Errorf("%q: wait %v", value, wait)
		}
	})
}
