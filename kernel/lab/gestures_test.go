package lab_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a learner does in JupyterLab besides running cells, with the mouse and the
// keys that JupyterLab gives them.

// testGestures uses a notebook of its own, within the checkout so that its cells see
// what the lessons' do, and apart from the lessons, which other tests read.
func testGestures(t *testing.T, l *labRun) {
	const name = "gestures.ipynb"
	dir, err := os.MkdirTemp(".", "gestures-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	writeNotebook(t, dir, name, "locuslab",
		"answer := 42\n\n// Greet greets whoever has the name.\nfunc Greet(name string) string { return \"hello \" + name }",
		"fmt.Println(\"counting\")\nfor { answer++ }",
		`answer > 42`,
		`strings.ToUp`,
		`strings.Repeat`,
		`import (
	"context"
	"locuslab/locuskit"
)

client, err := locuskit.New()
if err != nil {
	return err
}
whitelabels, err := client.Whitelabels(context.Background())
if err != nil {
	return err
}
_, err = client.Connections(context.Background(), whitelabels)
if err != nil {
	return err
}`,
		`Greet`)
	p := openNotebook(t, l, checkout, "kernel/lab/"+filepath.ToSlash(filepath.Join(dir, name)))

	t.Run("interrupt", func(t *testing.T) {
		p.t = t
		p.run("cell0")
		p.start("cell1")
		p.await("the loop", p.cell("cell1")+`.querySelector('.jp-OutputArea-output')?.innerText.includes('counting') === true`)
		p.toolbar("Interrupt the kernel")
		p.awaitRun("cell1")
		if got := p.output("cell1"); !strings.Contains(got, "Interrupted") {
			t.Errorf("the interrupted cell shows %q", got)
		}
		p.run("cell2")
		if got := p.output("cell2"); !strings.Contains(got, "true") {
			t.Errorf("after the interrupt answer > 42 is %q", got)
		}
	})
	t.Run("complete", func(t *testing.T) {
		p.t = t
		p.edit("cell3")
		p.key(kb.Tab)
		// The only name that begins so is put in at once; of several, a list opens.
		p.await("the completion", p.cell("cell3")+`.querySelector('.cm-content').innerText.trim() === 'strings.ToUpper' ||
			[...document.querySelectorAll('.jp-Completer-item')].some(i => i.innerText.includes('ToUpper'))`)
		p.key(kb.Escape)
	})
	t.Run("tooltip", func(t *testing.T) {
		p.t = t
		p.run("cell0")
		for id, wants := range map[string][]string{
			"cell4": {"func strings.Repeat(s string, count int) string", "Repeat returns a new string consisting of count copies"},
			"cell6": {"func Greet(name string) string", "Greet greets whoever has the name."},
		} {
			p.edit(id)
			p.key(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
			for _, want := range wants {
				p.await("the tooltip to say "+want, fmt.Sprintf(`document.querySelector('.jp-Tooltip')?.innerText.includes(%q) === true`, want))
			}
			if id == "cell4" && *pictures != "" {
				p.pictureOf(filepath.Join(*pictures, "documentation-in-jupyterlab.png"), p.cell(id)+`.querySelector('.jp-InputArea')`, `document.querySelector('.jp-Tooltip')`)
			}
			p.key(kb.Escape)
			p.await("the tooltip to close", `document.querySelector('.jp-Tooltip') === null`)
		}
	})
	t.Run("progress", func(t *testing.T) {
		p.t = t
		p.start("cell5")
		bar := p.cell("cell5") + `.querySelector('.jp-OutputArea-output progress')`
		p.await("a progress bar", bar+` !== null`)
		first := p.barValue(bar)
		p.await("the bar to move", bar+`.value > `+strconv.Itoa(first))
		p.awaitRun("cell5")
		if last := p.barValue(bar); last != 120 {
			t.Errorf("the bar ends at %d of 120", last)
		}
		p.noFailure("cell5")
	})
	t.Run("restart", func(t *testing.T) {
		p.t = t
		p.toolbar("Restart the kernel")
		p.click(`.jp-Dialog .jp-mod-accept`)
		p.await("the dialog to close", `document.querySelector('.jp-Dialog') === null`)
		p.awaitIdle()
		p.start("cell2")
		p.awaitRun("cell2")
		if got := p.output("cell2"); !strings.Contains(got, "undefined: answer") {
			t.Errorf("after a restart a cell that uses a variable of before shows %q", got)
		}
		p.run("cell0")
		p.noFailure("cell0")
	})
}

// edit puts the cursor at the end of a cell. It clicks at the start of the last line:
// over the end of the active cell's first line lie its buttons.
func (p *notebookPage) edit(id string) {
	p.t.Helper()
	p.do("edit "+id, chromedp.Evaluate[chromedp.Void](p.cell(id)+`.scrollIntoView({block: 'center'})`))
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const r = %s.querySelector('.cm-line:last-child').getBoundingClientRect(); return [r.x + 3, r.y + r.height / 2]; })()`, p.cell(id))))
	if err != nil {
		p.t.Fatalf("find %s: %v", id, err)
	}
	inside := p.cell(id) + `.contains(document.activeElement)`
	for { // a page that is still being restored takes the cursor away again
		p.do("click into "+id, chromedp.MouseClickXY(at[0], at[1]))
		if p.within(2*time.Second, "the cursor", inside) {
			break
		}
	}
	p.key(kb.End, chromedp.KeyModifiers(chromedp.ModifierCtrl))
}

func (p *notebookPage) key(key string, options ...chromedp.KeyOption) {
	p.t.Helper()
	p.do("press a key", chromedp.KeyEvent(key, options...))
}

// start runs a cell with Ctrl+Enter and waits until the kernel has it.
func (p *notebookPage) start(id string) {
	p.t.Helper()
	before := p.prompt(id)
	started := p.cell(id) + `.querySelector('.jp-InputPrompt').textContent !== ` + strconv.Quote(before)
	for {
		p.edit(id)
		p.key(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl))
		if p.within(5*time.Second, "the cell "+id+" to start", started) {
			return
		}
	}
}

func (p *notebookPage) prompt(id string) string {
	p.t.Helper()
	return p.text(p.cell(id) + `.querySelector('.jp-InputPrompt').textContent`)
}

func (p *notebookPage) awaitRun(id string) {
	p.t.Helper()
	p.await("the end of cell "+id, `/^\[\d+\]:$/.test(`+p.cell(id)+`.querySelector('.jp-InputPrompt').textContent)`)
}

func (p *notebookPage) run(id string) {
	p.t.Helper()
	p.start(id)
	p.awaitRun(id)
}

// toolbar presses a button of the notebook's toolbar.
func (p *notebookPage) toolbar(title string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Toolbar [title^=%q]`, title))
}

func (p *notebookPage) barValue(bar string) int {
	p.t.Helper()
	n, err := strconv.Atoi(p.text(`String(` + bar + `.value)`))
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}
