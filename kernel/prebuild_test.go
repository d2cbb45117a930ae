package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

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
