package csv

import (
	"errors"
	"fmt"

	"locuslab/locuskit/table/internal/column"
)

// misfit is what is wrong at a place of a block.
type misfit struct {
	column int // -1: with the whole row
	row    int // from 0
	err    error
}

func (f *misfit) Error() string { return f.err.Error() }

func (f *misfit) Unwrap() error { return f.err }

// errMisfit returns a value that is not of the kind its column was taken for.
func errMisfit(text string, k column.Kind) error {
	return fmt.Errorf("%q is not %s (the column was taken for %s; table.Kinds sets it)", text, column.Article(k), k)
}

var (
	errOpenQuote  = errors.New("a quote is opened and not closed")
	errAfterQuote = errors.New("text follows the closing quote of a field: a quote inside a quoted field is written twice")
)
