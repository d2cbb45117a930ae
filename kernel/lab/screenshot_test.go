package lab_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"
)

var screenshot = flag.String("screenshot", "", "write a picture of the lesson in JupyterLab to this file")

// showBothFetches makes room for the lesson and brings its two timed fetches
// into one view: the sections between them are folded up, by the same arrow
// beside a heading that a reader would click.
func (p *notebookPage) showBothFetches(first string, fold ...string) {
	p.t.Helper()
	p.do("make room", chromedp.EmulateViewport(1400, 900))
	p.click(`.jp-SideBar.jp-mod-left .lm-TabBar-tab.lm-mod-current`)
	for _, heading := range fold {
		p.do("fold "+heading, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
			const cell = [...document.querySelectorAll('.jp-MarkdownCell')].find(c => c.querySelector('h2')?.textContent.startsWith(%q));
			cell.querySelector('.jp-collapseHeadingButton').click();
		})()`, heading)))
	}
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
	p.t.Log("wrote " + path + ", " + strconv.Itoa(len(png)/1024) + " KB")
}
