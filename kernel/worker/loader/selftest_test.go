package loader_test

import (
	"testing"

	"locuslab/kernel/worker/loader/selftest"
)

func TestSelfTest(t *testing.T) {
	cells, err := selftest.Cells()
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	for _, c := range cells {
		if r := s.load(s.compile(c.Source), c.Entry); r.Error != "" {
			t.Errorf("%s\n%s", r.Error, s.text)
		}
	}
}
