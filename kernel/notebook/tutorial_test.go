package notebook

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lessons are the notebooks of the checkout, and pictures theirs.
const (
	lessons  = "../../notebooks"
	pictures = "../../img"
)

// TestTutorialIsCovered: each code cell of the Python tutorial, In [3] to In [25], has cells
// in the lessons that do the same, and each of its eleven pictures has one here that a
// lesson shows. testdata/tutorial.csv says which.
func TestTutorialIsCovered(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "tutorial.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for _, row := range rows[1:] {
		if answers[row[0]] != "" {
			t.Errorf("%s is there twice", row[0])
		}
		answers[row[0]] = row[2]
	}
	shown := textOfLessons(t)
	for n := 3; n <= 25; n++ {
		item := fmt.Sprintf("In [%d]", n)
		if answers[item] == "" {
			t.Errorf("nothing answers %s", item)
		}
		for answer := range strings.FieldsSeq(answers[item]) {
			checkAnswer(t, item, answer)
		}
		delete(answers, item)
	}
	for n := 1; n <= 11; n++ {
		item := fmt.Sprintf("picture %d", n)
		name := answers[item]
		if name == "" {
			t.Errorf("nothing answers %s", item)
			continue
		}
		if _, err := os.Stat(filepath.Join(pictures, name)); err != nil {
			t.Errorf("%s: %v", item, err)
		}
		// With alternative text between the brackets.
		if before, _, found := strings.Cut(shown, "](../img/"+name+")"); !found {
			t.Errorf("%s: no lesson shows %s", item, name)
		} else if len(before)-strings.LastIndex(before, "![") < 20 {
			t.Errorf("%s: %s is shown without alternative text", item, name)
		}
		delete(answers, item)
	}
	for item := range answers {
		t.Errorf("the tutorial has no %s", item)
	}
}

// checkAnswer checks "FILE#CELL", or "FILE" for a whole lesson.
func checkAnswer(t *testing.T, item, answer string) {
	t.Helper()
	name, id, one := strings.Cut(answer, "#")
	nb, err := Read(filepath.Join(lessons, name))
	if err != nil {
		t.Errorf("%s: %v", item, err)
		return
	}
	for _, c := range nb.Cells() {
		if one && c.ID() == id {
			if c.Kind() != Code || strings.TrimSpace(c.Source()) == "" {
				t.Errorf("%s: cell %s of %s has no code", item, id, name)
			}
			return
		}
	}
	if one {
		t.Errorf("%s: %s has no cell %s", item, name, id)
	}
}

// textOfLessons is the prose of all lessons.
func textOfLessons(t *testing.T) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(lessons, "*.ipynb"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("lessons %v, error %v", paths, err)
	}
	var b strings.Builder
	for _, path := range paths {
		nb, err := Read(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range nb.Cells() {
			if c.Kind() == Markdown {
				b.WriteString(c.Source() + "\n")
			}
		}
	}
	return b.String()
}
