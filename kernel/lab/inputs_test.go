package lab_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// testInputBoxes types what gonb's own notebook of input boxes asks for.
func testInputBoxes(t *testing.T, l *labRun) {
	cells := gonbCells(t, "tests/input_boxes")
	if len(cells) != 2 {
		t.Fatalf("%d cells, 2 are known:\n%s", len(cells), strings.Join(cells, "\n---\n"))
	}
	p := openScratch(t, l, "gonb-input-boxes", cells...)
	p.start("cell0")
	p.answer("cell0", "text", "some words")
	p.answer("cell0", "password", "a secret")
	p.awaitRun("cell0")
	p.start("cell1")
	p.answer("cell1", "text", "1234")
	p.answer("cell1", "password", "5678")
	p.awaitRun("cell1")
	p.noFailures()
	for id, wants := range map[string][]string{
		"cell0": {"str=some words", "pass=a secret"},
		"cell1": {"Enter:", "int=1234", "Pin:", "secret=5678"},
	} {
		shown := p.output(id)
		rest := shown
		for _, want := range wants {
			_, after, found := strings.Cut(rest, want)
			if !found {
				t.Errorf("cell %s does not show %q after what is before it:\n%s", id, want, shown)
				break
			}
			rest = after
		}
		// What was typed in clear stays beside its question, a password does not.
		if n := strings.Count(shown, "5678") + strings.Count(shown, "a secret"); n != 1 {
			t.Errorf("cell %s shows the password %d times, of which one is the program's:\n%s", id, n, shown)
		}
	}
}

// answer types text into the box in which a cell asks, which is of a type of HTML's, and
// waits until the box is gone.
func (p *notebookPage) answer(id, kind, text string) {
	p.t.Helper()
	found := fmt.Sprintf(`[...%s.querySelectorAll('input.jp-Stdin-input')].find(box => box.type === %q)`, p.cell(id), kind)
	p.await("a box of type "+kind, found+` !== undefined`)
	for p.text(`String(`+found+` !== undefined)`) == "true" { // the page may take the cursor elsewhere, and the keys with it
		p.do("take the box", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`window.asked = %s ?? document.createElement('input'); asked.scrollIntoView({block: 'center'}); asked.value = ''; asked.focus()`, found)))
		p.key(text)
		if p.within(2*time.Second, "the text in the box", `asked.value === `+strconv.Quote(text)+` && document.activeElement === asked`) {
			p.key(kb.Enter)
			p.within(5*time.Second, "the box to be gone", `!asked.isConnected`)
		}
	}
}
