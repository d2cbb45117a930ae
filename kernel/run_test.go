package main_test

import (
	"encoding/json"
	"locuslab/kernel/kerneltest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestRunOutsideOfAModule runs a notebook of a folder that no module encloses. Its cells
// import the kernel's own packages; the last one fails, and what is told of that is plain
// text where no terminal is.
func TestRunOutsideOfAModule(t *testing.T) {
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.ipynb"), filepath.Join(dir, "out.ipynb")
	var cells []any
	for _, source := range []string{
		"import (\n\t\"locuslab/kernel/incell\"\n\t\"locuslab/kernel/widget\"\n)\n\nshown := incell.Display(\"step 0\")\nshown.Update(\"step 1\")\nwidget.IntSlider(\"n\", 1, 2, 3);",
		"list := []int{1}\nfor i := range 2 {\n\tlist[i]++\n}",
	} {
		cells = append(cells, map[string]any{"cell_type": "code", "metadata": map[string]any{}, "source": source, "outputs": []any{}, "execution_count": nil})
	}
	content, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 4, "metadata": map[string]any{}, "cells": cells})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in, content, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), kerneltest.Spec(t).Argv[0], "run", in, "-o", out).CombinedOutput()
	if err == nil {
		t.Errorf("the failing cell does not fail the run:\n%s", said)
	}
	for _, want := range []string{"cell 2, In[2], failed:", "\n    for i := range 2 {", "\npanic: runtime error: index out of range [1] with length 1"} {
		if !strings.Contains(string(said), want) {
			t.Errorf("the run does not tell %q:\n%s", want, said)
		}
	}
	if strings.Contains(string(said), "\x1b") {
		t.Errorf("escapes of a terminal where none is: %q", said)
	}
	if shown, err := os.ReadFile(out); err != nil || !strings.Contains(string(shown), `"step 1"`) {
		t.Errorf("the first cell does not show what it displays: %v\n%s", err, shown)
	}
}
