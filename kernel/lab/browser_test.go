package lab_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

var screenshot = flag.String("screenshot", "", "write a picture of the lesson in JupyterLab to this file")

// browserLimit bounds a visit of the browser, the first start of gonb included.
const browserLimit = 4 * time.Minute

// testInBrowser opens notebooks in JupyterLab in a real browser, runs all their
// cells by the menu and reads what the page shows.
func testInBrowser(t *testing.T, p programUnderTest) {
	t.Run("gonb", func(t *testing.T) {
		path := writeNotebook(t, t.TempDir(), "gonb", `import "fmt"`, "%%\nfmt.Println(\"sum\", 40+2)")
		page := openNotebook(t, startLabFor(t, p, path))
		page.runAll()
		if text := page.outputs(); !strings.Contains(text, "sum 42") {
			t.Errorf("the page shows %q", text)
		}
	})
	t.Run("lesson", func(t *testing.T) {
		page := openNotebook(t, startLabFor(t, p, "../../notebooks/parallel-processing.ipynb"))
		page.runAll()
		text := page.outputs()
		if n := len(wallTime.FindAllString(text, -1)); n < 2 {
			t.Errorf("the page shows %d wall times, want at least two:\n%s", n, text)
		}
		for _, want := range []string{"COVID Ontario", "1576", "1569"} {
			if !strings.Contains(text, want) {
				t.Errorf("the page does not show %q:\n%s", want, text)
			}
		}
		if *screenshot != "" {
			page.showTimedCells()
			page.picture(*screenshot)
		}
	})
}

var wallTime = regexp.MustCompile(`Wall time: [0-9.]+ (s|ms|min)`)

// startLabFor starts lab on a notebook and ends it with the test.
func startLabFor(t *testing.T, p programUnderTest, notebook string) *labRun {
	t.Helper()
	l := startLab(t, p.command("lab", "--no-browser", notebook))
	t.Cleanup(func() { l.end(t) })
	return l
}

// writeNotebook writes a notebook of code cells for a kernel.
func writeNotebook(t *testing.T, dir, kernel string, cells ...string) string {
	t.Helper()
	list := make([]any, len(cells))
	for i, c := range cells {
		list[i] = map[string]any{
			"cell_type": "code", "id": fmt.Sprint("cell", i), "metadata": map[string]any{},
			"source": c, "outputs": []any{}, "execution_count": nil,
		}
	}
	content, err := json.Marshal(map[string]any{
		"nbformat": 4, "nbformat_minor": 5, "cells": list,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": kernel, "display_name": kernel, "language": "go"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "cells.ipynb")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A notebookPage is a notebook that is open in the browser.
type notebookPage struct {
	t       *testing.T
	browser context.Context // as long as the test
	ctx     context.Context // with the limit of a visit
}

// openNotebook opens the notebook that lab was started on and waits for its
// kernel.
func openNotebook(t *testing.T, l *labRun) *notebookPage {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, // tests in containers run as root
		chromedp.UserDataDir(t.TempDir()),
		chromedp.WindowSize(1280, 1000),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	browser, _ := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(browser); err != nil {
			t.Errorf("the browser did not end: %v", err)
		}
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("no Chromium to test with (Debian: apt-get install chromium): %v", err)
	}
	ctx, cancel = context.WithTimeout(browser, browserLimit)
	t.Cleanup(cancel)
	p := &notebookPage{t: t, browser: browser, ctx: ctx}
	p.do("open the notebook",
		chromedp.Navigate(l.url),
		chromedp.WaitVisible(`.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook`),
	)
	p.await("an idle kernel", `document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'`)
	return p
}

func (p *notebookPage) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// await waits until a JavaScript expression is true.
func (p *notebookPage) await(what, expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression,
		chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(0)))
	if err != nil {
		p.t.Fatalf("waiting for %s: %v; %s", what, err, p.lastLook())
	}
}

// lastLook keeps a picture of a page that did not do what was expected.
func (p *notebookPage) lastLook() string {
	// The page's own context is over when a wait has lasted too long.
	ctx, cancel := context.WithTimeout(p.browser, 10*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return "and no picture could be taken: " + err.Error()
	}
	path := filepath.Join(p.t.ArtifactDir(), "page.png")
	if err := os.WriteFile(path, png, 0o644); err != nil {
		return err.Error()
	}
	return "see " + path + " (kept with go test -artifacts)"
}

// text reads a string from the page by a JavaScript expression.
func (p *notebookPage) text(expression string) string {
	p.t.Helper()
	text, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return text
}

// runAll presses Run > Run All Cells and waits until the last cell has run.
func (p *notebookPage) runAll() {
	p.t.Helper()
	started := false
	for !started {
		p.do("open the Run menu", chromedp.Click(`//div[contains(@class,"lm-MenuBar-itemLabel") and text()="Run"]`))
		p.press(`li[data-command="runmenu:run-all"]`)
		// A page that is still being restored may lose a click; a user clicks again.
		_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](
			`[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPrompt')].some(p => /^\[[*\d]/.test(p.textContent))`,
			chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(3*time.Second)))
		if err != nil && !errors.Is(err, chromedp.ErrPollingTimeout) {
			p.t.Fatalf("press Run All Cells: %v; %s", err, p.lastLook())
		}
		started = err == nil
	}
	// A cell that waits has the prompt [*], one that never ran [ ].
	p.await("the last cell", `(() => {
		const prompts = [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')];
		return prompts.length > 0 && prompts.every(p => /^\[\d+\]:$/.test(p.textContent));
	})()`)
}

// press moves the mouse onto an element and clicks: JupyterLab's menus take no
// click without the move.
func (p *notebookPage) press(selector string) {
	p.t.Helper()
	p.do("find "+selector, chromedp.WaitVisible(selector))
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`, selector)))
	if err != nil {
		p.t.Fatalf("find %s: %v", selector, err)
	}
	p.do("press "+selector,
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]),
		chromedp.MouseClickXY(at[0], at[1]),
	)
}

// outputs is the text of all outputs. It fails the test when one is an error.
func (p *notebookPage) outputs() string {
	p.t.Helper()
	text := p.text(`[...document.querySelectorAll('.jp-OutputArea-output')].map(o => o.innerText).join('\n')`)
	failures := p.text(`[...document.querySelectorAll('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')].map(o => o.innerText).join('\n')`)
	if failures != "" {
		p.t.Errorf("the page shows errors:\n%s", failures)
	}
	return text
}

// showTimedCells makes room for the notebook and scrolls to its first timed cell.
func (p *notebookPage) showTimedCells() {
	p.t.Helper()
	p.do("hide the side bar", chromedp.Click(`.jp-SideBar .lm-TabBar-tab.lm-mod-current`))
	p.text(`(() => {
		const cells = [...document.querySelectorAll('.jp-CodeCell')];
		cells.find(c => c.innerText.includes('Wall time')).scrollIntoView({block: 'start'});
		return '';
	})()`)
	p.do("let it settle", chromedp.Sleep(time.Second))
}

// picture writes what the browser shows to a PNG file.
func (p *notebookPage) picture(path string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
