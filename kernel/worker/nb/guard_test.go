package nb

import (
	"errors"
	"io"
	"testing"
)

// What a goroutine of an errgroup ends by is the error of its Wait.
func TestGoErrReturnsAPanicAsAnError(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func() error
		want string // of the error; "" for none
		is   error
	}{
		{"well", func() error { return nil }, "", nil},
		{"an error", func() error { return io.EOF }, "EOF", io.EOF},
		{"a panic", func() error { panic("boom") }, "panic: boom", nil},
		{"a panic with an error", func() error { panic(io.EOF) }, "panic: EOF", io.EOF},
		{"a panic of the runtime", func() error { return set(nil) }, "panic: assignment to entry in nil map", nil},
		{"an interrupt", func() error { panic(Interrupt{}) }, "interrupted", Interrupt{}},
	} {
		ended := make(chan error, 1)
		GoErr(func(f func() error) { go func() { ended <- f() }() }, c.f)
		err := <-ended
		if err == nil && c.want != "" || err != nil && err.Error() != c.want || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: the goroutine ended with %v, not %q", c.name, err, c.want)
		}
	}
}

func set(m map[int]int) error {
	m[1] = 1
	return nil
}
