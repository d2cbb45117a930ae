package lab_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/lab"
)

func TestStepsUnderWayAtATime(t *testing.T) {
	var out strings.Builder
	var told []string
	s := &lab.Steps{Out: &out, Total: 2, Changed: func(underWay []string) { told = append(told, strings.Join(underWay, ", ")) }}
	one, two := s.Begin("one"), s.Begin("two")
	done := make(chan error, 1)
	go func() { done <- two.Do(func(st *lab.Step) error { st.Say("work"); return errors.New("broken") }) }()
	if err := <-done; err == nil {
		t.Error("the error of a step is lost")
	}
	if err := one.Do(func(*lab.Step) error { return nil }); err != nil {
		t.Error(err)
	}
	s.Above(func() { out.WriteString("between\n") })
	want := "1/2 one …\n2/2 two …\n2/2 two: failed after 0s\n1/2 one: ready\nbetween\n"
	if out.String() != want {
		t.Errorf("shown\n%s\nwant\n%s", out.String(), want)
	}
	if want := []string{"one", "one, two", "one", ""}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}
