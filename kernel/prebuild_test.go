package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"locuslab/kernel/build/toolchain"
	"locuslab/kernel/lab"
)

// TestProgressOfItsStep has the workspace report progress in each of two steps: it is shown
// with the step that is under way.
func TestProgressOfItsStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		steps := &lab.Steps{Out: &out, Total: 2}
		p := &prebuilder{dir: t.TempDir()}
		say := func(line string) {
			time.Sleep(time.Minute) // a step does not show a line more often than every few seconds
			p.say(toolchain.Again + line)
		}
		err := steps.Do("program", func(s *lab.Step) error {
			p.step.Store(s)
			say("compiling fmt")
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = steps.Do("packages", func(s *lab.Step) error {
			err := p.packages(t.Context(), "", s)
			say("compiling gonum")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := "1/2 program …\n1/2 program: compiling fmt\n1/2 program: ready (1m0s)\n" +
			"2/2 packages …\n2/2 packages: compiling gonum\n2/2 packages: ready (1m0s)\n"
		if out.String() != want {
			t.Errorf("shown\n%s\nwant\n%s", out.String(), want)
		}
	})
}

func TestNotebookImports(t *testing.T) {
	file := filepath.Join(t.TempDir(), "n.ipynb")
	content := `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
		{"cell_type": "markdown", "metadata": {}, "source": "import \"no/such\""},
		{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": ["%%time\n", "import \"fmt\"\n", "x := 1\n", "import (\n", "\tm \"math\"\n", "\t\"C\"\n", ")"]},
		{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null, "source": "s := \"import\"\nimport \"fmt\"; y := 2"}]}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := notebookImports(file), []string{"fmt", "math"}; !slices.Equal(got, want) {
		t.Errorf("imports %q, want %q", got, want)
	}
}

func TestStillPreparing(t *testing.T) {
	p := preparation{status: filepath.Join(t.TempDir(), "status")}
	t.Setenv(preparingVariable, p.status)
	for _, c := range []struct {
		underWay []string
		want     string
	}{
		{nil, ""},
		{[]string{"packages: 3 of 9", "kernel gonb"}, "still being prepared: packages: 3 of 9; kernel gonb"},
		{nil, ""},
	} {
		p.tell(c.underWay)
		if got := stillPreparing(); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	t.Setenv(preparingVariable, "")
	if got := stillPreparing(); got != "" {
		t.Errorf("outside of lab: %q", got)
	}
}
