package lab_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"locuslab/kernel/notebook"
)

// visitLimit bounds the visit of one notebook: the first start of gonb, or what a lesson downloads the first time, such as
// Spark, included.
const visitLimit = 8 * time.Minute

// startBrowser starts a browser of the test's own, which ends with the test.
//
// Each notebook gets a browser of its own: of the windows of one headless
// browser, only the first is drawn.
func startBrowser(t *testing.T) context.Context {
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
	return browser
}

// requireBrowser skips the test on a machine without a browser; where CI is set, as
// .ci/run sets it, that is a failure.
func requireBrowser(t *testing.T) {
	t.Helper()
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox)...)
	defer cancel()
	probe, end := chromedp.NewContext(ctx)
	defer end()
	if err := chromedp.Do(probe); errors.Is(err, exec.ErrNotFound) && os.Getenv("CI") == "" {
		t.Skip("no Chromium, so JupyterLab is not tried in a browser (Debian: apt-get install chromium)")
	}
}

// A notebookPage is a notebook that is open in a tab of the browser.
type notebookPage struct {
	t   *testing.T
	tab context.Context // as long as the test
	ctx context.Context // with the limit of a visit
	ids []string        // of the code cells, in the order of the page
	bad []string        // the ids of those that are meant to fail
	// gonb tells that the notebook is for stock gonb.
	gonb bool
}

// openNotebook opens a notebook of the folder that lab shows, path relative to
// it and root being that folder, in a tab of its own, and waits for its kernel.
// The tab is closed and the kernel ended with the test.
func openNotebook(t *testing.T, l *labRun, root, path string) *notebookPage {
	t.Helper()
	p := &notebookPage{t: t, gonb: strings.HasPrefix(filepath.Base(path), "gonb-")}
	nb, err := notebook.Read(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range nb.Cells() {
		if c.Kind() != notebook.Code {
			continue
		}
		p.ids = append(p.ids, c.ID())
		if c.Tagged("raises-exception") && !c.Tagged("needs-c-compiler") { // there is one
			p.bad = append(p.bad, c.ID())
		}
	}
	p.tab = startBrowser(t)
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithTimeout(p.tab, visitLimit)
	t.Cleanup(func() {
		cancel()
		l.endKernel(t, path)
	})
	// In a workspace of its own, or an earlier visit's notebooks are opened too.
	workspace := strings.TrimSuffix(filepath.Base(path), ".ipynb")
	p.do("open the notebook",
		chromedp.Navigate(l.base+"/lab/workspaces/"+workspace+"/tree/"+(&url.URL{Path: path}).EscapedPath()+"?token="+l.token),
		chromedp.WaitVisible(`.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook`),
	)
	// JupyterLab attaches the cells that are out of view when the browser is idle.
	p.await("all cells", fmt.Sprintf(`document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell').length === %d`, len(p.ids)))
	// The page calls a kernel idle before it has one, and asks for one when a cell
	// is run then.
	l.awaitKernel(t, path)
	if !p.gonb {
		p.awaitIdle() // stock gonb does not tell the page that it is
	}
	return p
}

// awaitKernel waits until a page is connected with the kernel of a notebook.
func (l *labRun) awaitKernel(t *testing.T, path string) {
	t.Helper()
	deadline := time.Now().Add(visitLimit)
	for {
		for _, s := range l.sessions(t) {
			if s.Path == path && s.Kernel.State == "idle" && s.Kernel.Connections > 0 {
				return
			}
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s has no kernel; sessions: %+v", path, l.sessions(t))
		}
		time.Sleep(100 * time.Millisecond) // the server tells nobody
	}
}

// A jupyterSession is a notebook with its kernel, as the server tells it.
type jupyterSession struct {
	ID     string
	Path   string
	Kernel struct {
		State       string `json:"execution_state"`
		Connections int
	}
}

func (l *labRun) sessions(t *testing.T) (list []jupyterSession) {
	t.Helper()
	l.request(t, http.MethodGet, "/api/sessions", "", &list)
	return list
}

// endKernel ends the kernel of a notebook, as the running kernels' side bar does.
func (l *labRun) endKernel(t *testing.T, path string) {
	t.Helper()
	for _, s := range l.sessions(t) {
		if s.Path == path {
			l.request(t, http.MethodDelete, "/api/sessions/"+s.ID, "", nil)
		}
	}
}

// writeNotebook writes a notebook of code cells for a kernel.
func writeNotebook(t *testing.T, dir, name, kernel string, cells ...string) {
	t.Helper()
	list := make([]map[string]any, len(cells))
	for i, c := range cells {
		list[i] = codeCell(fmt.Sprint("cell", i), c)
	}
	writeCells(t, filepath.Join(dir, name), kernel, list)
}

// codeCell is a code cell of a notebook's file, not yet run.
func codeCell(id, source string, tags ...string) map[string]any {
	metadata := map[string]any{}
	if len(tags) > 0 {
		metadata["tags"] = tags
	}
	return map[string]any{
		"cell_type": "code", "id": id, "metadata": metadata,
		"source": source, "outputs": []any{}, "execution_count": nil,
	}
}

// writeCells writes a notebook for a kernel.
func writeCells(t *testing.T, path, kernel string, list []map[string]any) {
	t.Helper()
	content, err := json.Marshal(map[string]any{
		"nbformat": 4, "nbformat_minor": 5, "cells": list,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": kernel, "display_name": kernel, "language": "go"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p *notebookPage) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v; %s", what, err, p.lastLook())
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

// awaitIdle waits for a kernel that has nothing to do.
func (p *notebookPage) awaitIdle() {
	p.t.Helper()
	p.await("an idle kernel", `document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'`)
}

// within is await with a time after which what was done has been lost on the
// page, and has to be done again.
func (p *notebookPage) within(limit time.Duration, what, expression string) bool {
	p.t.Helper()
	_, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression,
		chromedp.WithPollingInterval(100*time.Millisecond), chromedp.WithPollingTimeout(limit)))
	if err != nil && !errors.Is(err, chromedp.ErrPollingTimeout) {
		p.t.Fatalf("waiting for %s: %v; %s", what, err, p.lastLook())
	}
	return err == nil
}

// lastLook keeps a picture of a page that did not do what was expected.
func (p *notebookPage) lastLook() string {
	// The page's own context is over when a wait has lasted too long.
	ctx, cancel := context.WithTimeout(p.tab, 10*time.Second)
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

// click moves the mouse onto an element and clicks: JupyterLab's menus take no
// click without the move.
func (p *notebookPage) click(selector string) {
	p.t.Helper()
	p.do("find "+selector, chromedp.WaitVisible(selector))
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const r = document.querySelector(%q).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()`, selector)))
	if err != nil {
		p.t.Fatalf("find %s: %v", selector, err)
	}
	p.do("click on "+selector,
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]),
		chromedp.MouseClickXY(at[0], at[1]),
	)
}

// runAll presses Run > Run All Cells and waits until the last cell has run.
func (p *notebookPage) runAll() {
	p.t.Helper()
	for {
		p.do("open the Run menu", chromedp.Click(`//div[contains(@class,"lm-MenuBar-itemLabel") and text()="Run"]`))
		p.click(`li[data-command="runmenu:run-all"]`)
		// A page that is still being restored may lose a click; a user clicks again.
		if p.within(3*time.Second, "a cell to start", `[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPrompt')].some(p => /^\[[*\d]/.test(p.textContent))`) {
			break
		}
	}
	// A cell that waits has the prompt [*], one that never ran [ ].
	p.await("the last cell", fmt.Sprintf(`(() => {
		const prompts = [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')];
		return prompts.length >= %d && prompts.every(p => /^\[\d+\]:$/.test(p.textContent));
	})()`, len(p.ids)))
}

// cell is a JavaScript expression of the element of a code cell.
func (p *notebookPage) cell(id string) string {
	p.t.Helper()
	i := slices.Index(p.ids, id)
	if i < 0 {
		p.t.Fatalf("the notebook has no code cell %s; it has %s", id, strings.Join(p.ids, " "))
	}
	return fmt.Sprintf(`[...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell')][%d]`, i)
}

// words is a JavaScript function of elements that returns their texts, table
// cells apart. innerText is empty for what is scrolled out of view.
const words = `((...elements) => elements.map(e => {
	const list = [], walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) list.push(walker.currentNode.nodeValue);
	return list.join(' ');
}).join('\n'))`

// output is the text that the outputs of a code cell show.
func (p *notebookPage) output(id string) string {
	p.t.Helper()
	return p.text(words + `(...` + p.cell(id) + `.querySelectorAll('.jp-OutputArea-output'))`)
}

// failure is what a code cell shows as an error or on standard error, which
// JupyterLab shows alike, "" without either.
func (p *notebookPage) failure(id string) string {
	p.t.Helper()
	return p.text(words + `(...` + p.cell(id) + `.querySelectorAll('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]'))`)
}

func (p *notebookPage) noFailure(id string) {
	p.t.Helper()
	if failure := p.failure(id); failure != "" {
		p.t.Errorf("cell %s shows an error:\n%s", id, failure)
	}
}

// noFailures fails the test when a cell shows an error that is not meant to, or
// shows none that is.
func (p *notebookPage) noFailures() {
	p.t.Helper()
	for _, id := range p.ids {
		if !slices.Contains(p.bad, id) {
			p.noFailure(id)
		} else if p.failure(id) == "" {
			p.t.Errorf("cell %s is there to fail, and shows no error", id)
		}
	}
}
