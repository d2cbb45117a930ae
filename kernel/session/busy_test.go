package session

import (
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/display"
)

func offers(matches []display.Match, text string) bool {
	return slices.ContainsFunc(matches, func(m display.Match) bool { return m.Text == text })
}

// Front ends are answered while the first worker is built, which takes up to a minute.
func TestQuestionsAreAnsweredWhileAWorkerIsBuilt(t *testing.T) {
	building := make(chan struct{})
	s, err := Open(t.Context(), Options{Dir: t.TempDir(), Cache: t.TempDir(), Progress: func(line string) {
		if strings.HasPrefix(line, "building the process") {
			close(building)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ran := make(chan error, 1)
	go func() { ran <- s.Execute(t.Context(), "x := 1", 1, discard{}) }()
	<-building
	matches, _, _ := s.Complete("f := fun", 8)
	_, known := s.Inspect("append", 6, 0)
	s.Queue("x")
	select {
	case err := <-ran:
		t.Errorf("the answers came when the worker was built: %v", err)
	default:
	}
	if !offers(matches, "func") || !known {
		t.Errorf("completions are %q; append is known: %t", matches, known)
	}
	if err := <-ran; err != nil {
		t.Fatal(err)
	}
	if matches, _, _ := s.Complete("fmt.Printl", 10); !offers(matches, "Println") {
		t.Errorf("after that completions are %q", matches)
	}
}
