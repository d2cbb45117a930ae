package lab_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"locuslab/kernel/notebook"
)

// testGonbInBrowser runs gonb's own notebooks that talk to the page: what its tests look
// for is there.
func testGonbInBrowser(t *testing.T, l *labRun) {
	labels := []string{"Ok", "ab", "cd", "ef", "xy", "z"} // of the widgets
	for name, want := range map[string][]string{
		"dom":     {"This is a test!\nAnd a second test.\nThis is a test!\nAnd a second test.", "ok"},
		"comms":   {"", "sent 1\ngot 2\nsent 2\ngot 3\nsent 3\ngot 4\nsent 4\nclosed\ndone", "ok", "No more."},
		"widgets": {"clicked", "widget tested ok", "widget tested ok"},
	} {
		t.Run("gonb's "+name, func(t *testing.T) {
			t.Parallel()
			cells := gonbCells(t, "tests/"+name)
			if len(cells) != len(want) {
				t.Fatalf("%d cells, %d are known", len(cells), len(want))
			}
			p := openScratch(t, l, "gonb-test-"+name, cells...)
			p.runAll()
			p.noFailures()
			for i, text := range want {
				var lines []string
				for line := range strings.Lines(p.output(p.ids[i])) {
					if line = strings.TrimSpace(line); line != "" {
						lines = append(lines, line)
					}
				}
				// Goroutines print in no certain order, and the page's own widgets stay.
				wanted := strings.Split(text, "\n")
				slices.Sort(lines)
				slices.Sort(wanted)
				lines = slices.DeleteFunc(lines, func(l string) bool { return slices.Contains(labels, l) })
				if got, text := strings.Join(lines, "\n"), strings.Join(wanted, "\n"); got != text {
					t.Errorf("cell %d shows\n%s\nnot\n%s", i, got, text)
				}
			}
		})
	}
}

// testGonbOnPage runs gonb's own notebook of programs for the page, and the example that adds
// two numbers which are typed there.
func testGonbOnPage(t *testing.T, l *labRun) {
	sum := slices.DeleteFunc(gonbCells(t, "wasm_demo"), func(c string) bool { return !strings.Contains(c, "SumStr") })
	cells := slices.Concat(gonbCells(t, "tests/wasm"), sum, []string{"%wasm\nfunc broken() { panic(\"on purpose\") }\nbroken()"})
	if len(cells) != 8 {
		t.Fatalf("%d cells, 8 are known:\n%s", len(cells), strings.Join(cells, "\n---\n"))
	}
	p := openScratch(t, l, "gonb-wasm", cells...)
	p.runAll()
	p.noFailures()
	environment := strings.Fields(p.output("cell0"))
	if len(environment) < 3 || !strings.HasPrefix(environment[1], environment[0]+"/jupyter_files/") || !strings.HasPrefix(environment[2], "/files/jupyter_files/") {
		t.Errorf("the environment is %q", environment)
	} else if said := strings.TrimSpace(p.output("cell1")); said != environment[1] {
		t.Errorf("the next cell has the folder %s, not %s", said, environment[1])
	}
	shows := func(id, text string) {
		p.t.Helper()
		p.await(fmt.Sprintf("%s to show %s", id, text), fmt.Sprintf(`%s(%s.querySelector('.jp-OutputArea')).includes(%q)`, words, p.cell(id), text))
	}
	shows("cell2", "Wasm URL: /files/jupyter_files/")
	shows("cell2", "the universe, and everything: 42")
	shows("cell4", "Hello world!")
	shows("cell7", "the program ended with exit status 2")

	fields := p.cell("cell6") + `.querySelectorAll('.jp-OutputArea input')`
	p.await("three fields", fields+`.length === 3`)
	for i, text := range []string{"40", "2"} {
		p.do("take a field", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`%s[%d].scrollIntoView({block: 'center'}), %[1]s[%[2]d].focus()`, fields, i)))
		p.key(text)
	}
	p.await("the sum", fields+`[2].value === 'life, the universe and everything ...'`)
}

// gonbCells are the code cells of one of gonb's own notebooks, but not those by which
// gonb tests its own sources.
func gonbCells(t *testing.T, name string) (cells []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/janpfeifer/gonb").Output()
	if err != nil {
		t.Fatal(err)
	}
	nb, err := notebook.Read(filepath.Join(strings.TrimSpace(string(out)), "examples", filepath.FromSlash(name)+".ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells() {
		if c.Kind() == notebook.Code && !strings.Contains(c.Source(), "GONB_GIT_ROOT") && !strings.HasPrefix(c.Source(), "%goflags") {
			cells = append(cells, c.Source())
		}
	}
	return cells
}

// openScratch opens a notebook of its own, within the checkout so that its cells see what
// the lessons' do.
func openScratch(t *testing.T, l *labRun, name string, cells ...string) *notebookPage {
	t.Helper()
	dir, err := os.MkdirTemp(".", "scratch-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	writeNotebook(t, dir, name+".ipynb", "locuslab", cells...)
	p := openNotebook(t, l, checkout, "kernel/lab/"+filepath.ToSlash(filepath.Join(dir, name+".ipynb")))
	p.gonb = false
	return p
}

// testIpywidgets moves a slider and clicks, as a user does, and sees what changes.
func testIpywidgets(t *testing.T, l *labRun) {
	p := openScratch(t, l, "ipywidgets",
		`import "locuslab/kernel/widget"

type picture struct{ bars int }

func (p picture) SVG() string {
	bars := ""
	for i := range p.bars {
		bars += fmt.Sprintf("<rect y='%d' width='%d' height='12' fill='steelblue'/>", 16*i, 300/p.bars)
	}
	return fmt.Sprintf("<svg xmlns='http://www.w3.org/2000/svg' width='320' height='140' data-bars='%d'>%s</svg>", p.bars, bars)
}

runs := 0
widget.Interact(func(workers int, kind string) any {
	runs++
	fmt.Println("drawing", workers, kind)
	return picture{workers}
}, widget.IntSlider("workers", 4, 1, 8), widget.Dropdown("kind", "bars", "lines"))`,
		`clicks := 0
b := widget.Button("more")
said := widget.Output()
b.OnClick(func() {
	clicks++
	said.Capture(func() { fmt.Println("clicked", clicks) })
})
widget.VBox(b, said)`,
		`before := runs
fmt.Println("running")
time.Sleep(3 * time.Second)
fmt.Println("the same:", runs == before)`,
		`widget.Interact(func(ctx context.Context, n int) any {
	for n == 2 {
	}
	return fmt.Sprint("got ", n)
}, widget.IntSlider("n", 1, 1, 5))`,
		`widget.Interact(func(n int, ok bool) any {
	if ok {
		panic("no good")
	}
	return n
})`)
	right := func(id string) {
		p.t.Helper()
		handle := p.cell(id) + `.querySelector('.noUi-handle')`
		p.await("a slider", handle+` !== null`)
		p.do("take the slider", chromedp.Evaluate[chromedp.Void](handle+`.scrollIntoView({block: 'center'}), `+handle+`.focus()`))
		p.key(kb.ArrowRight)
	}
	shows := func(id, text string) {
		p.t.Helper()
		p.await(fmt.Sprintf("%s to show %s", id, text), fmt.Sprintf(`%s(%s).includes(%q)`, words, p.cell(id), text))
	}
	bars := func(n int) {
		p.t.Helper()
		p.await(fmt.Sprintf("a picture of %d bars", n), fmt.Sprintf(`[...%s.querySelectorAll('img')].some(i => decodeURIComponent(i.src).includes("data-bars='%d'"))`, p.cell("cell0"), n))
	}

	p.run("cell0")
	bars(4)
	shows("cell0", "drawing 4 bars")
	right("cell0")
	bars(5)
	shows("cell0", "drawing 5 bars")
	if *pictures != "" {
		p.do("show the slider", chromedp.Evaluate[chromedp.Void](p.cell("cell0")+`.scrollIntoView({block: 'center'})`))
		p.pictureOf(filepath.Join(*pictures, "slider-in-jupyterlab.png"), p.cell("cell0"))
	}

	p.run("cell1")
	button := p.cell("cell1") + `.querySelector('button.jupyter-button')`
	p.await("a button", button+` !== null`)
	p.do("click", chromedp.Evaluate[chromedp.Void](button+`.click()`))
	shows("cell1", "clicked 1")
	p.do("click", chromedp.Evaluate[chromedp.Void](button+`.click()`))
	shows("cell1", "clicked 2")

	// While a cell runs, no callback does.
	p.start("cell2")
	shows("cell2", "running")
	right("cell0")
	p.awaitRun("cell2")
	if got := p.output("cell2"); !strings.Contains(got, "the same: true") {
		t.Errorf("a cell ran beside a callback: %s", got)
	}
	bars(6)

	// A newer value ends the run of the older one.
	p.run("cell3")
	shows("cell3", "got 1")
	right("cell3")
	right("cell3")
	shows("cell3", "got 3")

	// A panic is told where the value would be, and the next value is shown.
	p.run("cell4")
	box := p.cell("cell4") + `.querySelector('input[type=checkbox]')`
	p.await("a check box", box+` !== null`)
	p.do("tick", chromedp.Evaluate[chromedp.Void](box+`.click()`))
	shows("cell4", "no good")
	p.do("untick", chromedp.Evaluate[chromedp.Void](box+`.click()`))
	p.await("the panic to go", fmt.Sprintf(`!%s(%s.querySelector('.jp-OutputArea')).includes("no good")`, words, p.cell("cell4")))
	p.run("cell1") // cells run as before
}
