package lab_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

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

// TestWhatAStepShows has a step tell how far it is, and something after its end, when its
// line would stand below another step's.
func TestWhatAStepShows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		s := &lab.Steps{Out: &out, Total: 1}
		pause := func() { time.Sleep(time.Minute) } // a line is shown every few seconds at the most
		st := s.Begin("packages")
		err := st.Do(func(*lab.Step) error {
			pause()
			st.Say("fetching")
			st.Expect(2)
			pause()
			st.Advance("for a.ipynb")
			pause()
			st.Say("compiling fmt\nand more")
			pause()
			st.Advance("for b.ipynb")
			st.Expect(0)
			pause()
			st.Say("installing")
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		pause()
		st.Say("late")
		want := []string{"…", ": fetching", ": for a.ipynb (1 of 2)", ": for a.ipynb (1 of 2): compiling fmt",
			": for b.ipynb (2 of 2)", ": installing", ": ready (5m0s)"}
		got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		for i, line := range got {
			got[i] = strings.TrimPrefix(strings.TrimPrefix(line, "1/1 packages"), " ")
		}
		if !slices.Equal(got, want) {
			t.Errorf("shown %q, want %q", got, want)
		}
	})
}
