package lab_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

var (
	screenshot = flag.String("screenshot", "", "write a picture of the lesson in JupyterLab to this file")
	pictures   = flag.String("pictures", "", "write pictures of a slider and of documentation in JupyterLab into this folder")
)

// margin is what pictureOf leaves around elements.
const margin = 8

// pictureOf writes the part of the window to a PNG file that holds the elements of some
// JavaScript expressions.
func (p *notebookPage) pictureOf(path string, elements ...string) {
	p.t.Helper()
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]int](fmt.Sprintf(`(() => {
		const all = [%s].map(e => e.getBoundingClientRect());
		return [Math.min(...all.map(r => r.left)), Math.min(...all.map(r => r.top)), Math.max(...all.map(r => r.right)), Math.max(...all.map(r => r.bottom))].map(Math.round);
	})()`, strings.Join(elements, ", "))))
	if err != nil {
		p.t.Fatalf("find what is to be pictured: %v", err)
	}
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
	window, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		p.t.Fatal(err)
	}
	part := image.NewRGBA(image.Rect(at[0], at[1], at[2], at[3]).Inset(-margin).Intersect(window.Bounds()))
	draw.Draw(part, part.Bounds(), window, part.Bounds().Min, draw.Src)
	var text bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&text, part); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("wrote %s, %d KB", path, text.Len()/1024)
}

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
	content, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatalf("take a picture: %v", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("wrote %s, %d KB", path, len(content)/1024)
}
