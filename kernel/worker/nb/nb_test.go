package nb

import (
	"errors"
	"testing"
)

func TestPanicText(t *testing.T) {
	type code struct{ n int }
	for _, c := range []struct {
		value any
		want  string
	}{{"boom", "boom"}, {errors.New("bad"), "bad"}, {7, "7"}, {code{3}, "(nb.code) {n:3}"}, {Failure{errors.New("f")}, "f"}} {
		if got := PanicText(c.value); got != c.want {
			t.Errorf("%v reads %q, want %q", c.value, got, c.want)
		}
	}
}
