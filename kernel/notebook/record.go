package notebook

import (
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"strings"

	"locuslab/kernel/display"
)

// recorder is the display.Output of a cell that runs headless: it turns what
// the cell shows into nbformat's outputs.
type recorder struct {
	nb    *Notebook
	cell  *Cell
	count int
	// clear is set when the next output removes those before it.
	clear bool
	// stream is the output that text is being written to, if the last output is
	// one, and text what it holds so far.
	stream map[string]any
	text   strings.Builder
}

var _ display.Output = (*recorder)(nil)

func (r *recorder) Write(stream display.Stream, text string) {
	if text == "" {
		return
	}
	r.clearIfAsked()
	if r.stream == nil || r.stream["name"] != string(stream) {
		out := map[string]any{"output_type": "stream", "name": string(stream), "text": []any{}}
		r.add(out)
		r.stream = out
	}
	r.text.WriteString(text)
}

// finish puts the text of the last stream in its place.
func (r *recorder) finish() {
	if r.stream != nil {
		r.stream["text"] = splitLines(overwrite(r.text.String()))
		r.stream = nil
		r.text.Reset()
	}
}

func (r *recorder) Display(b display.Bundle) {
	if b.Update {
		for _, cell := range r.nb.cells {
			for _, out := range cell.shown[b.ID] {
				out["data"], out["metadata"] = saved(b)
			}
		}
		return
	}
	r.clearIfAsked()
	r.show("display_data", b)
}

func (r *recorder) Result(b display.Bundle) {
	r.clearIfAsked()
	out := r.show("execute_result", b)
	out["execution_count"] = r.count
}

func (r *recorder) Clear(wait bool) {
	r.clear = true
	if !wait {
		r.clearIfAsked()
	}
}

func (r *recorder) Input(_ context.Context, prompt string, _ bool) (string, error) {
	return "", fmt.Errorf("the cell asks for input (%q), and nobody is there to answer in a headless run; run the notebook in JupyterLab", prompt)
}

// fail records the cell's failure.
func (r *recorder) fail(f *display.Failure) {
	r.clearIfAsked()
	traceback := make([]any, len(f.Traceback))
	for i, line := range f.Traceback {
		traceback[i] = line
	}
	r.add(map[string]any{"output_type": "error", "ename": f.Name, "evalue": f.Value, "traceback": traceback})
}

func (r *recorder) show(kind string, b display.Bundle) map[string]any {
	data, metadata := saved(b)
	out := map[string]any{"output_type": kind, "data": data, "metadata": metadata}
	if b.ID != "" {
		if r.cell.shown == nil {
			r.cell.shown = map[string][]map[string]any{}
		}
		r.cell.shown[b.ID] = append(r.cell.shown[b.ID], out)
	}
	r.add(out)
	return out
}

func (r *recorder) clearIfAsked() {
	if r.clear {
		r.clear = false
		r.finish()
		r.cell.fields["outputs"] = []any{}
		r.cell.shown = nil
	}
}

// add ends the stream before and appends an output.
func (r *recorder) add(out map[string]any) {
	r.finish()
	outs, _ := r.cell.fields["outputs"].([]any)
	r.cell.fields["outputs"] = append(outs, out)
}

// saved is a bundle in the form of a file: texts as lists of lines, binary data
// as base64.
func saved(b display.Bundle) (data, metadata map[string]any) {
	data = make(map[string]any, len(b.Data))
	for mime, v := range b.Data {
		if raw, ok := v.([]byte); ok {
			if textual(mime) || isJSON(mime) {
				v = string(raw)
			} else {
				v = base64.StdEncoding.EncodeToString(raw)
			}
		}
		if s, ok := v.(string); ok && textual(mime) {
			v = splitLines(s)
		}
		data[mime] = v
	}
	metadata = map[string]any{}
	maps.Copy(metadata, b.Metadata)
	return data, metadata
}

func textual(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript"
}

func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}
