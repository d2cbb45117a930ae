package trace

import (
	"encoding/xml"
	"io"
	"runtime/trace"
	"strings"
	"testing"
	"time"

	"bytes"
	"context"
	"sync"
)

// record runs f between the marks, as the worker does.
func record(t *testing.T, f func()) *Run {
	t.Helper()
	var file bytes.Buffer
	if err := trace.Start(&file); err != nil {
		t.Fatal(err)
	}
	var cell sync.WaitGroup
	cell.Go(func() {
		trace.Log(context.Background(), "mark", "")
		f()
		trace.Log(context.Background(), "mark", "")
	})
	cell.Wait()
	trace.Stop()
	r, err := Read(&file, "mark")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestGoroutinesOfTheCell(t *testing.T) {
	strangers := make(chan struct{})
	go func() { <-strangers }()
	defer close(strangers)
	r := record(t, func() {
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				inner := make(chan struct{})
				go func() { close(inner) }()
				<-inner
			})
		}
		wg.Wait()
	})
	if len(r.Goroutines) != 81 || r.Goroutines[0].By != nil {
		t.Errorf("%d goroutines, the first started by %v", len(r.Goroutines), r.Goroutines[0].By)
	}
	for _, g := range r.Goroutines {
		at := time.Duration(0)
		for _, s := range g.Spans {
			if s.From < at || s.To <= s.From || s.To > r.Wall {
				t.Fatalf("goroutine %d: span %v after %v, of %v", g.ID, s, at, r.Wall)
			}
			at = s.To
		}
	}
	if r.Most() < 1 || r.In(Running) <= 0 || r.In(Running) > r.Wall*time.Duration(r.Most()) {
		t.Errorf("%s", r.Summary())
	}
	p := r.Picture("a run", func(*Goroutine) string { return "<name> & more" })
	if err := wellFormed(p.SVG()); err != nil || strings.Count(p.SVG(), "&lt;name&gt; &amp; more") != maxLanes {
		t.Errorf("%v, %d lanes", err, strings.Count(p.SVG(), "&lt;name&gt;"))
	}
	if !strings.Contains(p.String(), "81 goroutines in") || !strings.Contains(p.String(), "Drawn are the 32") {
		t.Errorf("%s", p)
	}
}

func wellFormed(text string) error {
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	if err := wellFormed((&Run{}).Picture("nothing", func(*Goroutine) string { return "" }).SVG()); err != nil {
		t.Error(err)
	}
	if _, err := Read(strings.NewReader("no trace"), "mark"); err == nil || !strings.Contains(err.Error(), "read the execution trace") {
		t.Error(err)
	}
}
