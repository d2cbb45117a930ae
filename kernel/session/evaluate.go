package session

import (
	"context"
	"go/parser"

	"locuslab/kernel/display"
)

// Evaluate returns the value of an expression over what the cells have declared. What
// else it shows goes to out. count is the number of the cell that it belongs to.
func (s *Session) Evaluate(ctx context.Context, expression string, count int, out display.Output) (display.Bundle, error) {
	if _, err := parser.ParseExpr(expression); err != nil {
		return display.Bundle{}, &display.Failure{Name: "SyntaxError", Value: "this is no expression: " + err.Error()}
	}
	value := &valueOutput{Output: out}
	if err := s.Execute(ctx, expression, count, value); err != nil {
		return display.Bundle{}, err
	}
	if value.bundle.Data == nil {
		return display.Bundle{}, &display.Failure{Name: "CompileError", Value: "this expression has no value"}
	}
	return value.bundle, nil
}

// valueOutput keeps the result of a cell, which it does not show.
type valueOutput struct {
	display.Output
	bundle display.Bundle
}

func (o *valueOutput) Result(b display.Bundle) { o.bundle = b }
