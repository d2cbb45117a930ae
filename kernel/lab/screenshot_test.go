package lab_test

import (
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"
)

var screenshot = flag.String("screenshot", "", "write a picture of the lesson in JupyterLab to this file")

// showBothFetches makes room for the lesson and brings its two timed fetches into
// one view: the cells between last and the section with the heading next are not
// drawn.
func (p *notebookPage) showBothFetches(first, last, next string) {
	p.t.Helper()
	p.do("make room", chromedp.EmulateViewport(1400, 1060))
	const sideBar = `.jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current`
	if p.text(`String(document.querySelector('`+sideBar+`') !== null)`) == "true" {
		p.click(sideBar)
	}
	p.await("the heading "+next, fmt.Sprintf(`[...document.querySelectorAll('.jp-MarkdownCell h2')].some(h => h.textContent.startsWith(%q))`, next))
	p.do("leave out what is between", chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
		let cell = %s.nextElementSibling;
		for (; !cell.querySelector('h2')?.textContent.startsWith(%q); cell = cell.nextElementSibling) cell.style.display = 'none';
	})()`, p.cell(last), next)))
	p.do("scroll", chromedp.Evaluate[chromedp.Void](p.cell(first)+`.scrollIntoView({block: 'start'})`))
	p.do("let it settle", chromedp.Sleep(time.Second)) // nothing tells when JupyterLab has drawn
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
	p.t.Logf("wrote %s, %d KB", path, len(png)/1024)
}
