package conformance_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"locuslab/kernel/build"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/lab"
	"locuslab/kernel/lab/service"
	"locuslab/kernel/notebook"
)

// TestLessonUnderStockGonb runs the notebook that is written for gonb in gonb
// itself: the same comparison, with locuskit's own timing.
func TestLessonUnderStockGonb(t *testing.T) {
	if err := install(); err != nil {
		t.Fatal(err)
	}
	cache, err := build.CacheRoot()
	if err != nil {
		t.Fatal(err)
	}
	checkout, err := lab.Checkout(".")
	if err != nil {
		t.Fatal(err)
	}
	steps := &lab.Steps{Out: os.Stderr, Total: 1}
	var spec lab.Kernelspec
	err = steps.Do("stock gonb", func(s *lab.Step) error {
		spec, err = lab.BuildGonb(t.Context(), filepath.Join(prefix, "locuslab"), cache, checkout, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := lab.Register(t.TempDir(), "gonb", spec)
	if err != nil {
		t.Fatal(err)
	}
	registered, err := client.ReadSpec(dir)
	if err != nil {
		t.Fatal(err)
	}
	notebooks := filepath.Join(checkout, "notebooks")
	for _, name := range []string{"LOCUS_URL", "API_TOKEN"} {
		t.Setenv(name, "") // of its own
	}
	t.Setenv("LOCUS_SPEED", "100")
	services, err := service.StartAll(t.Context(), notebooks)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(services.Close)
	k, err := client.Start(within(t, patience), registered, client.Options{
		Dir: notebooks,
		Env: services.Env(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	nb, err := notebook.Read(filepath.Join(notebooks, "gonb-fetch.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var text, tables strings.Builder
	for _, c := range nb.Cells() {
		if c.Kind() != notebook.Code {
			continue
		}
		o, err := k.Run(within(t, firstCell), c.Source())
		if err != nil || o.Status != "ok" {
			t.Fatalf("%v, %v\n%s%s", o, err, o.Stream("stdout"), o.Stream("stderr"))
		}
		text.WriteString(o.Stream("stdout"))
		for _, m := range o.Messages {
			if m.Type == "display_data" {
				tables.Write(m.Content)
			}
		}
	}
	if times := wallTimes.FindAllString(text.String(), -1); len(times) != 2 {
		t.Errorf("%d wall times, not two:\n%s", len(times), text.String())
	}
	if !strings.Contains(text.String(), "the same: true") {
		t.Errorf("the two forms differ, or nothing tells:\n%s", text.String())
	}
	if n := strings.Count(tables.String(), "COVID Ontario"); n < 2 {
		t.Errorf("not both tables are shown: %s", tables.String())
	}
}

var wallTimes = regexp.MustCompile(`(?m)^CPU times: user .*, sys: .*, total: .*\nWall time: .* (s|ms)$`)
