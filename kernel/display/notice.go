package display

import "html"

// NoticeKey is the key of a bundle's metadata that tells a notice from what a cell
// itself shows.
const NoticeKey = "locuslab_notice"

// Notice is what the kernel has to say about a cell: a display of its own, faint where
// there is HTML, and never a part of the cell's standard error, which is the program's.
func Notice(text string) Bundle {
	return Bundle{
		Data: map[string]any{
			"text/plain": text,
			"text/html":  `<div style="opacity:0.65;white-space:pre-wrap">` + html.EscapeString(text) + `</div>`,
		},
		Metadata: map[string]any{NoticeKey: true},
	}
}
