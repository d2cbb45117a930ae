package reproduce_test

import (
	"context"
	"encoding/xml"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"locuslab/kernel/lab/python"
	"locuslab/locuskit"
	"locuslab/locuskit/locus/reproduce"
	"locuslab/locuskit/locustest"
)

// options are for a service that answers at once.
func options(t *testing.T) reproduce.Options {
	t.Helper()
	service := locustest.New(locustest.Speed(1000))
	t.Cleanup(service.Close)
	client, err := locuskit.New(locuskit.WithURL(service.URL), locuskit.WithToken(service.Token), locuskit.WithProgress(nil))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return reproduce.Options{Client: client, URL: service.URL, Token: service.Token, Speed: 1000, Embedded: true, Workers: 8}
}

// figures are those of the tutorial's data that a reader of the report looks for.
var figures = []string{"2531 connections", "12514, 51", "63 codes", "63 outlines", "347 codes, at most 562", "37.8 s", "5.92 s", "657 ms", "6.17 ms", "11.5 s"}

func TestWithoutPython(t *testing.T) {
	o := options(t)
	var steps []string
	o.Step = func(name string, do func() error) error {
		steps = append(steps, name)
		return do()
	}
	report, err := reproduce.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) != o.Steps() || len(report.Rows) != 10 {
		t.Errorf("%d of %d steps were announced, %d rows", len(steps), o.Steps(), len(report.Rows))
	}
	text := report.Text()
	for _, f := range figures {
		if !strings.Contains(text, f) {
			t.Errorf("no %q in\n%s", f, text)
		}
	}
	if strings.Contains(text, "Python") {
		t.Errorf("Python in\n%s", text)
	}
	for _, r := range report.Rows {
		if r.Ours <= 0 || r.OursParallel <= 0 && !strings.HasPrefix(r.Step, "dataset") || r.Python != 0 {
			t.Errorf("%+v", r)
		}
	}
	var page strings.Builder
	if err := report.HTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, f := range append(figures, "<img src=\"data:image/svg+xml;base64,", "1000 times as fast") {
		if !strings.Contains(page.String(), f) {
			t.Errorf("no %q in the page", f)
		}
	}
	if strings.Contains(page.String(), "<script") {
		t.Error("the page has a script")
	}
	if err := xml.Unmarshal([]byte(report.Chart().SVG()), new(struct{})); err != nil {
		t.Errorf("chart: %v", err)
	}
}

func TestWithPython(t *testing.T) {
	o := options(t)
	var err error
	if o.Python, err = python.Environment(t.Context(), os.Stderr, reproduce.Packages...); err != nil {
		t.Fatal(err)
	}
	report, err := reproduce.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Rows {
		if r.Python <= 0 || r.Fetch && r.PythonParallel <= 0 && !strings.HasPrefix(r.Step, "dataset") {
			t.Errorf("%+v", r)
		}
	}
	if text := report.Text(); !strings.Contains(text, "× Python") {
		t.Error(text)
	}
}

func TestFailures(t *testing.T) {
	script := func(t *testing.T, text string) string {
		path := t.TempDir() + "/python"
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tests := []struct {
		name, python string
		want         []string
	}{
		{"breaks off", `echo '{"begun":true}'; echo 'Traceback'>&2; echo "ModuleNotFoundError: No module named 'pandas'" >&2; exit 1`, []string{"0 of 10 steps", "No module named 'pandas'"}},
		{"says too little", `exit 0`, []string{"0 of 10 steps"}},
		{"does not speak JSON", `echo hello; exec sleep 60`, []string{"invalid character"}},
		{"finds something else", `for i in 0 1 2 3 4 5 6 7 8 9; do echo '{}'; echo '{"sequential":1,"result":[1]}'; done`, []string{"connections, a request each", "Python and Go do not find the same", "[1], not [2531]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options(t)
			o.Python = script(t, tt.python)
			_, err := reproduce.Run(t.Context(), o)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, no %q", err, want)
				}
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		o := options(t)
		o.Python = script(t, `echo '{"begun":true}'; exec sleep 600`)
		ctx, cancel := context.WithCancel(t.Context())
		o.Step = func(name string, do func() error) error {
			if strings.HasPrefix(name, "Python") {
				cancel()
			}
			return do()
		}
		if _, err := reproduce.Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("no service", func(t *testing.T) {
		o := options(t)
		client, err := locuskit.New(locuskit.WithURL(o.URL), locuskit.WithToken("wrong"), locuskit.WithProgress(nil), locuskit.WithAttempts(1))
		if err != nil {
			t.Fatal(err)
		}
		o.Client = client
		if _, err := reproduce.Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "connections, a request each") {
			t.Errorf("error %v", err)
		}
	})
}

func TestTook(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "–", 1500 * time.Nanosecond: "1.50 µs", 72_140 * time.Nanosecond: "72.1 µs", 21_400 * time.Microsecond: "21.4 ms",
		657 * time.Millisecond: "657 ms", 5_920 * time.Millisecond: "5.92 s", 37_800 * time.Millisecond: "37.8 s",
	} {
		if got := reproduce.Took(d); got != want {
			t.Errorf("%v written %q, want %q", d, got, want)
		}
	}
}
