package nb

import (
	"fmt"

	"locuslab/kernel/worker/show"
)

// Variables are values by name, as a list of variables shows them.
type Variables struct {
	names  []string
	values []any
}

// Named gives values their names, one each.
func Named(names []string, values ...any) Variables { return Variables{names, values} }

// Variable is one of them as text.
type Variable struct {
	Name  string `json:"name"`
	Type  string `json:"type"`
	Value string `json:"value"`
}

// JSON is the list. A value's text is short, and costs as little.
func (v Variables) JSON() any {
	list := make([]Variable, len(v.values))
	for i, value := range v.values {
		value = Upgrade(value)
		list[i] = Variable{v.names[i], fmt.Sprintf("%T", value), show.Brief(value)}
	}
	return list
}

// String is the text of the list.
func (v Variables) String() string { return fmt.Sprint(len(v.values), " variables") }
