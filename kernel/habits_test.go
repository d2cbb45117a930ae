package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestHabitsAreTested holds the README's table of commands and habits to its word: each yes in
// its last column leads to a test that is there.
func TestHabitsAreTested(t *testing.T) {
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "### Commands and habits\n")
	table, _, ok := strings.Cut(rest, "\n## ")
	if !ok {
		t.Fatal("the README has no table of commands and habits")
	}
	link := regexp.MustCompile(`^\[yes\]\((.+)\)$`)
	rows := 0
	for line := range strings.Lines(table) {
		columns := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(columns) != 4 || strings.HasPrefix(line, "| |") {
			continue
		}
		rows++
		here := strings.TrimSpace(columns[3])
		if here == "no" {
			continue
		}
		m := link.FindStringSubmatch(here)
		if m == nil {
			t.Errorf("%s says %q, which is neither no nor a yes that leads to a test", columns[0], here)
		} else if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
			t.Errorf("%s: %v", columns[0], err)
		}
	}
	if rows < 20 {
		t.Errorf("the table has %d rows", rows)
	}
}
