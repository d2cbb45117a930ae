package jupyter

import (
	"context"
	"maps"
	"slices"

	"locuslab/kernel/display"
)

// expressionValue is what became of one of a request's user_expressions.
type expressionValue struct {
	Status   string         `json:"status"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// evaluate answers a request's user_expressions, by name. One that fails is told in its
// place; the cell has succeeded.
func (s *Server) evaluate(ctx context.Context, expressions map[string]string, count int, out display.Output) map[string]any {
	values := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(expressions)) {
		b, err := s.handler.Evaluate(ctx, expressions[name], count, out)
		if err != nil {
			failure := asFailure(err)
			values[name] = failed{"error", failure.Name, failure.Value, traceback(failure)}
			continue
		}
		values[name] = expressionValue{"ok", mimeData(b.Data), orEmpty(b.Metadata)}
	}
	return values
}
