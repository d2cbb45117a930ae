package notebook

import (
	"encoding/json"
	"errors"
	"fmt"
)

// check verifies the structure that the rest of the package relies on, and
// fills nb.cells. Everything else in the file is taken as it is.
func (nb *Notebook) check() error {
	format, ok := nb.doc["nbformat"]
	if !ok {
		return errors.New(`it has no field "nbformat", so it is JSON, but no notebook`)
	}
	if format != json.Number("4") {
		return fmt.Errorf("nbformat is %v, and only 4 can be read here; open the notebook in JupyterLab and save it to convert it", format)
	}
	if meta, ok := nb.doc["metadata"]; ok {
		if _, ok := meta.(map[string]any); !ok {
			return wrong("metadata", meta, "an object")
		}
	}
	list, ok := nb.doc["cells"].([]any)
	if !ok {
		return wrong("cells", nb.doc["cells"], "a list")
	}
	nb.cells = make([]*Cell, len(list))
	for i, v := range list {
		where := fmt.Sprintf("cells[%d]", i)
		fields, ok := v.(map[string]any)
		if !ok {
			return wrong(where, v, "an object")
		}
		cell, err := checkCell(where, fields)
		if err != nil {
			return err
		}
		nb.cells[i] = cell
	}
	return nil
}

func checkCell(where string, fields map[string]any) (*Cell, error) {
	kind, _ := fields["cell_type"].(string)
	switch Kind(kind) {
	case Code, Markdown, Raw:
	default:
		return nil, fmt.Errorf(`%s.cell_type is %s, want "code", "markdown" or "raw"`, where, show(fields["cell_type"]))
	}
	if err := checkText(where+".source", fields["source"]); err != nil {
		return nil, err
	}
	if meta, ok := fields["metadata"]; ok {
		if _, ok := meta.(map[string]any); !ok {
			return nil, wrong(where+".metadata", meta, "an object")
		}
	}
	if id, ok := fields["id"]; ok {
		if _, ok := id.(string); !ok {
			return nil, wrong(where+".id", id, "a string")
		}
	}
	if Kind(kind) == Code {
		if err := checkOutputs(where+".outputs", fields["outputs"]); err != nil {
			return nil, err
		}
	}
	return &Cell{fields: fields, kind: Kind(kind), source: joined(fields["source"])}, nil
}

func checkOutputs(where string, v any) error {
	list, ok := v.([]any)
	if !ok {
		return wrong(where, v, "a list")
	}
	for i, v := range list {
		where := fmt.Sprintf("%s[%d]", where, i)
		out, ok := v.(map[string]any)
		if !ok {
			return wrong(where, v, "an object")
		}
		switch out["output_type"] {
		case "stream":
			if err := checkText(where+".text", out["text"]); err != nil {
				return err
			}
		case "display_data", "execute_result":
			if _, ok := out["data"].(map[string]any); !ok {
				return wrong(where+".data", out["data"], "an object")
			}
		case "error":
		default:
			return fmt.Errorf(`%s.output_type is %s, want "stream", "display_data", "execute_result" or "error"`, where, show(out["output_type"]))
		}
	}
	return nil
}

// checkText accepts what nbformat allows for a text: a string or a list of them.
func checkText(where string, v any) error {
	switch v := v.(type) {
	case string:
		return nil
	case []any:
		for i, line := range v {
			if _, ok := line.(string); !ok {
				return wrong(fmt.Sprintf("%s[%d]", where, i), line, "a string")
			}
		}
		return nil
	}
	return wrong(where, v, "a string or a list of strings")
}

func wrong(where string, got any, want string) error {
	if got == nil {
		return fmt.Errorf("%s is missing or null, want %s", where, want)
	}
	return fmt.Errorf("%s is %s, want %s", where, name(got), want)
}

// name says what kind of JSON value v is.
func name(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "true or false"
	case json.Number:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "a list"
	}
	return "an object"
}

// show is name, but scalars are shown as they are.
func show(v any) string {
	switch v := v.(type) {
	case nil:
		return "missing"
	case string:
		return fmt.Sprintf("%.40q", v)
	case json.Number:
		return v.String()
	}
	return name(v)
}
