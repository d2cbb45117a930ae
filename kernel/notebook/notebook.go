// Package notebook reads, runs and writes Jupyter notebooks: .ipynb files of
// nbformat 4, so that a lesson can be run, checked and saved without Jupyter or
// Python.
//
// A file is kept as it was found: fields that this package does not know, the
// order and the ids of cells and the cells that are not code all survive, and
// what is written has Jupyter's own layout, so that a notebook that was read
// and written again differs only in its outputs.
//
// The package knows nothing of Go code: what a cell means is up to the
// [Session].
package notebook

import (
	"fmt"
	"strings"
)

// Notebook is a notebook in memory. Fields of the file that are not code cells
// are kept as they were read.
type Notebook struct {
	doc   map[string]any
	cells []*Cell
}

// Kind is what a cell holds.
type Kind string

// The kinds that nbformat 4 has.
const (
	Code     Kind = "code"
	Markdown Kind = "markdown"
	Raw      Kind = "raw"
)

// Cell is one cell of a notebook.
type Cell struct {
	fields map[string]any
	kind   Kind
	source string
	// shown are the outputs by the display ids under which later ones may
	// replace them. Files do not hold these ids.
	shown map[string][]map[string]any
}

// Cells returns the cells in their order.
func (nb *Notebook) Cells() []*Cell { return nb.cells }

// Language is the programming language that the file's metadata name, in lower
// case, or "" when they name none.
func (nb *Notebook) Language() string {
	meta, _ := nb.doc["metadata"].(map[string]any)
	for _, path := range [][2]string{{"kernelspec", "language"}, {"language_info", "name"}} {
		part, _ := meta[path[0]].(map[string]any)
		if name, _ := part[path[1]].(string); name != "" {
			return strings.ToLower(name)
		}
	}
	return ""
}

// Kind is the cell's kind.
func (c *Cell) Kind() Kind { return c.kind }

// Source is the cell's text.
func (c *Cell) Source() string { return c.source }

// ID is the cell's id, or "" in files older than nbformat 4.5.
func (c *Cell) ID() string {
	id, _ := c.fields["id"].(string)
	return id
}

// Tagged reports whether the cell's metadata hold the tag.
func (c *Cell) Tagged(tag string) bool {
	meta, _ := c.fields["metadata"].(map[string]any)
	tags, _ := meta["tags"].([]any)
	for _, t := range tags {
		if t == tag {
			return true
		}
	}
	return false
}

// Text is what the cell shows in plain text: its streams, the text form of its
// results and displays, and its errors, in their order.
func (c *Cell) Text() string {
	var b strings.Builder
	for _, out := range c.outputs() {
		switch out["output_type"] {
		case "stream":
			b.WriteString(joined(out["text"]))
		case "execute_result", "display_data":
			data, _ := out["data"].(map[string]any)
			b.WriteString(joined(data["text/plain"]))
			b.WriteByte('\n')
		case "error":
			fmt.Fprintf(&b, "%v: %v\n", out["ename"], out["evalue"])
		}
	}
	return b.String()
}

// outputs returns the cell's outputs as objects.
func (c *Cell) outputs() []map[string]any {
	list, _ := c.fields["outputs"].([]any)
	outs := make([]map[string]any, 0, len(list))
	for _, o := range list {
		if m, ok := o.(map[string]any); ok {
			outs = append(outs, m)
		}
	}
	return outs
}

// reset removes what an earlier run left in a code cell.
func (c *Cell) reset() {
	c.fields["outputs"] = []any{}
	c.fields["execution_count"] = nil
	c.shown = nil
}

// joined undoes nbformat's cutting of texts into lists of lines.
func joined(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		var b strings.Builder
		for _, line := range v {
			s, _ := line.(string)
			b.WriteString(s)
		}
		return b.String()
	}
	return ""
}
