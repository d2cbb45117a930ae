// Package selftest is a handful of cells that show, once for each toolchain and
// machine, that the loader still understands both: what has changed its place it finds
// by comparing, what has changed its meaning shows only here.
//
// They are compiled and loaded like any cell, one after another, into a program of
// their own. Each panics if something is not as it should be.
package selftest

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed cells
var files embed.FS

// A Cell is one of them.
type Cell struct {
	Source string // a file of package main
	Entry  string // the symbol of the function to run
}

// preludeLine stands in a cell for what the first one declared.
const preludeLine = "//PRELUDE\n"

// Imports are the packages that the cells import.
var Imports = []string{"fmt", "reflect", "runtime", "runtime/debug", "strings", "time"}

// Cells returns the cells in the order in which they are to be loaded.
func Cells() ([]Cell, error) {
	prelude, err := files.ReadFile("cells/prelude")
	if err != nil {
		return nil, err
	}
	var cells []Cell
	for n := 1; n <= 3; n++ {
		text, err := files.ReadFile(fmt.Sprintf("cells/%d", n))
		if err != nil {
			return nil, err
		}
		cells = append(cells, Cell{Source: strings.Replace(string(text), preludeLine, string(prelude), 1), Entry: fmt.Sprintf("main.Cell_%d", n)})
	}
	return cells, nil
}
