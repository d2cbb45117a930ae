package locuskit

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"
)

// read returns what a question may make of any text at all: a value that can be used, or an error that can be read.
func read[T any](t *testing.T, q question[T], body []byte, use func(T)) {
	var got answer[T]
	q.keep = true
	_, err := readAnswer(q, &http.Response{Body: io.NopCloser(bytes.NewReader(body))}, 1<<20, &got)
	if err != nil {
		_ = err.Error()
		return
	}
	if q.read != nil {
		if _, err := q.read(got.text); err != nil {
			t.Errorf("%q passed as an answer, and not as the line of a checkpoint: %v", body, err)
		}
	}
	use(got.value)
}

func FuzzDecodeAnswers(f *testing.F) {
	for _, seed := range []string{
		"null", "[]", "{}", "[null]", "[[]]", "\xff", `[{"whitelabelid":1,"company":"Atom"}]`,
		`[{"geo_id":"L0K1S0","poi_id":1,"visits":2,"visitors":1}]`, `[{"geo_id":"L0K1S0","poi_id":1,"visits":2}`,
		`[{"date_range_type":"week","date_range":{"date_type":2,"start_date":"2020-01-01T00:00:00.000Z","end_date":"2020-01-05T00:00:00.000Z"}}]`,
		`{"type":"Feature","properties":{"geo_id":"L0K1S0"},"geometry":{"type":"Polygon","coordinates":[[[1,2]]]}}`,
		`{"columns":["a"],"rows":[[1]]}`, `{"columns":["a",null],"rows":[[null,1]]}`, `[{"id":1,"id":2,"whitelabel":1}]`, `["\ud800"]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		read(t, whitelabelsAsked, body, func(w Whitelabels) { _, _ = w.HTML(), w.String() })
		read(t, frequenciesOf(1), body, func(list Frequencies) { _ = list.String() })
		read(t, connectionsOf(Whitelabel{ID: 1}), body, func(list Connections) {
			for _, c := range list {
				if c.Whitelabel != 1 {
					t.Errorf("%q passed as those of whitelabel 1", body)
				}
			}
		})
		read(t, outlineOf("L0K1S0"), body, func(one Feature) {
			if one.Geometry.Type == "" || one.Properties["geo_id"] != "L0K1S0" {
				t.Errorf("%q passed as an outline", body)
			}
		})
		read(t, numbersOf("a", "b", []string{"L0K1S0"}), body, func(n numbersByCode) {
			if len(n.Rows) != 1 || len(n.Rows[0]) != len(n.Columns) {
				t.Errorf("%q passed as numbers of one code", body)
			}
		})
		read(t, question[*visitRows]{stream: readVisits}, body, func(rows *visitRows) {
			table, err := rows.table.Table()
			if err != nil {
				t.Fatalf("%q: %v", body, err)
			}
			_ = table.String()
		})
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "0", "120", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999999999", "1e9", "0.5", "1.", ".", "Inf", "NaN", "0x10", "1_0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		resp := &http.Response{Header: http.Header{"Retry-After": {value}}}
		if wait, _ := retryAfter(resp, time.Unix(1_600_000_000, 0)); wait < 0 {
			t.Errorf("%q: wait %v", value, wait)
		}
	})
}
