package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"locuslab/kernel/kerneltest"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The lessons, as files. A cell tagged measured shows what depends on the machine or
// the moment.
const lessons = "../notebooks"

// A savedNotebook is a lesson as it lies in the repository.
type savedNotebook struct {
	Cells    []savedCell
	Metadata struct {
		Kernelspec struct{ Name string }
	}
}

type savedCell struct {
	ID       string
	CellType string `json:"cell_type"`
	Metadata struct{ Tags []string }
	Source   lines
	Outputs  []savedOutput
}

type savedOutput struct {
	Type  string `json:"output_type"`
	Name  string
	Text  lines
	Data  map[string]any
	Error string `json:"evalue"`
}

// lines is a text that nbformat cuts into lines.
type lines string

func (l *lines) UnmarshalJSON(data []byte) error {
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return json.Unmarshal(data, (*string)(l))
	}
	*l = lines(strings.Join(list, ""))
	return nil
}

func (c savedCell) measured() bool { return slices.Contains(c.Metadata.Tags, "measured") }

func readLesson(t *testing.T, path string) savedNotebook {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb savedNotebook
	if err := json.Unmarshal(content, &nb); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return nb
}

func lessonFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(lessons, "*.ipynb"))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d lessons, error %v", len(files), err)
	}
	return files
}

// TestLessonsShowWhatTheyShow runs each lesson for this kernel headless and compares
// what it shows with what is saved, timings and measured pictures left out. Below
// the check of each exercise it puts the hidden solution and the check once more,
// which then must be content. There is no Java here, and so no cluster: what a lesson shows
// of one, TestLab looks at.
func TestLessonsShowWhatTheyShow(t *testing.T) {
	exe := kerneltest.Exe(t)
	for _, path := range lessonFiles(t) {
		saved := readLesson(t, path)
		if saved.Metadata.Kernelspec.Name != "locuslab" {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			fresh := runLesson(t, exe, path)
			for _, was := range saved.Cells {
				if was.CellType != "code" {
					continue
				}
				is, ok := fresh[was.ID]
				if !ok {
					t.Errorf("cell %s did not run", was.ID)
					continue
				}
				if want, got := was.shown(), is.shown(); got != want {
					t.Errorf("cell %s is saved with\n%s\nand now shows\n%s\n(go run ./kernel run notebooks/%s saves it anew)", was.ID, want, got, filepath.Base(path))
				}
			}
			for id, c := range fresh {
				if strings.HasSuffix(id, solved) && !strings.HasPrefix(c.shown(), "stdout: right") {
					t.Errorf("the solution of %s does not pass its check:\n%s", strings.TrimSuffix(id, solved), c.shown())
				}
			}
		})
	}
}

// solved ends the id of a check that comes after a solution.
const solved = "-check-solved"

// runLesson runs the lesson, solutions added, and returns its cells by id.
func runLesson(t *testing.T, exe, path string) map[string]savedCell {
	t.Helper()
	// Beside the lesson, since what a cell sees depends on where it is.
	in, err := os.CreateTemp(lessons, ".test-*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(in.Name())
	if _, err := in.Write(withSolutions(t, path)); err != nil {
		t.Fatal(err)
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.ipynb")
	// A hundred times the tutorial's pace: nothing that is compared depends on it.
	cmd := exec.CommandContext(t.Context(), exe, "run", in.Name(), "-o", out)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return strings.HasPrefix(kv, "LOCUS_URL=") || strings.HasPrefix(kv, "API_TOKEN=")
	}), "LOCUS_SPEED=100", "FEW_ROWS=1", "JAVA_HOME="+t.TempDir())
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("run %s: %v\n%s", path, err, output)
	}
	cells := map[string]savedCell{}
	for _, c := range readLesson(t, out).Cells {
		cells[c.ID] = c
	}
	return cells
}

var hidden = regexp.MustCompile("(?s)<details>.*?```go\n(.*?)```.*?</details>")

// withSolutions is the notebook's file with cells added: after the check of each
// exercise its solution, and the check again.
func withSolutions(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var nb map[string]any
	if err := json.Unmarshal(content, &nb); err != nil {
		t.Fatal(err)
	}
	var cells []any
	answer := ""
	for i, c := range readLesson(t, path).Cells {
		cells = append(cells, nb["cells"].([]any)[i])
		if found := hidden.FindStringSubmatch(string(c.Source)); found != nil {
			answer = found[1]
		}
		if exercise, ok := strings.CutSuffix(c.ID, "-check"); ok {
			if answer == "" {
				t.Errorf("%s has no hidden solution before it", exercise)
			}
			cells = append(cells, codeCell(exercise+"-solution", answer), codeCell(exercise+solved, string(c.Source)))
			answer = ""
		}
	}
	nb["cells"] = cells
	content, err = json.Marshal(nb)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func codeCell(id, source string) map[string]any {
	return map[string]any{"cell_type": "code", "id": id, "metadata": map[string]any{}, "source": source, "outputs": []any{}, "execution_count": nil}
}

var (
	timings = regexp.MustCompile(`(?m)^(CPU times|Wall time): .*$`)
	// durations are such as 1.5s, 63 ms and 2m3s.
	durations = regexp.MustCompile(`\b(\d+m)?\d+(\.\d+)? ?(ns|µs|ms|s|min)\b`)
)

// shown is what a cell shows, in a form to compare: timings masked; of a
// measured cell only which kinds of output there are.
func (c savedCell) shown() string {
	var b bytes.Buffer
	kinds := map[string]bool{}
	for _, o := range c.Outputs {
		switch o.Type {
		case "stream":
			kinds[o.Name] = true
			fmt.Fprintf(&b, "%s: %s\n", o.Name, mask(string(o.Text)))
		case "error":
			kinds["error"] = true
			fmt.Fprintf(&b, "error: %s\n", mask(o.Error))
		default:
			if isProgress(o) {
				continue // only a slow fetch shows one
			}
			for _, mime := range slices.Sorted(maps.Keys(o.Data)) {
				kinds[mime] = true
				fmt.Fprintf(&b, "%s: %s\n", mime, mask(textOf(o.Data[mime])))
			}
		}
	}
	if c.measured() {
		return fmt.Sprint(slices.Sorted(maps.Keys(kinds)))
	}
	return b.String()
}

func mask(text string) string {
	return durations.ReplaceAllString(timings.ReplaceAllString(text, "$1: …"), "…")
}

func isProgress(o savedOutput) bool {
	return strings.Contains(textOf(o.Data["text/html"]), "<progress")
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			fmt.Fprint(&b, line)
		}
		return b.String()
	}
	return fmt.Sprint(v)
}

var (
	kebab    = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	pictures = regexp.MustCompile(`!\[([^\]]*)\]\(([^)]*)\)`)
	links    = regexp.MustCompile(`[^!]\[[^\]]+\]\(([^):]+)\)`)
	machines = regexp.MustCompile(`(/home/|/root/|/tmp/|/work/|/Users/|127\.0\.0\.1|eq-api-jwt: )`)
)

// TestLessonsAreFitToPublish looks at what a reader of the repository gets: each
// code cell with its output, nothing of the machine that ran it, pictures that are
// there and say what they show, and no script.
func TestLessonsAreFitToPublish(t *testing.T) {
	for _, path := range lessonFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if found := machines.FindString(string(content)); found != "" {
				t.Errorf("the file holds %q", found)
			}
			if strings.Contains(string(content), "<script") {
				t.Error("there is a script in the file, which no viewer of repositories runs")
			}
			ids := map[string]bool{}
			for _, c := range readLesson(t, path).Cells {
				if !kebab.MatchString(c.ID) || ids[c.ID] {
					t.Errorf("id %q of a cell is not in kebab-case, or there twice", c.ID)
				}
				ids[c.ID] = true
				for _, o := range c.Outputs {
					if o.Type == "error" && !slices.Contains(c.Metadata.Tags, "raises-exception") {
						t.Errorf("cell %s is saved with an error: %s", c.ID, o.Error)
					}
				}
				if c.CellType != "markdown" {
					continue
				}
				for _, picture := range pictures.FindAllStringSubmatch(string(c.Source), -1) {
					if len(picture[1]) < 20 {
						t.Errorf("cell %s: the text for those who cannot see %s is %q", c.ID, picture[2], picture[1])
					}
					if _, err := os.Stat(filepath.Join(lessons, picture[2])); err != nil {
						t.Errorf("cell %s: %v", c.ID, err)
					}
				}
				for _, link := range links.FindAllStringSubmatch(string(c.Source), -1) {
					if _, err := os.Stat(filepath.Join(lessons, link[1])); err != nil {
						t.Errorf("cell %s links to what is not there: %v", c.ID, err)
					}
				}
			}
		})
	}
}
