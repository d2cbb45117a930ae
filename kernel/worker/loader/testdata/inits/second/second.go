// Package second needs first and third.
package second

import (
	"locuslab/kernel/worker/loader/testdata/inits/first"
	"locuslab/kernel/worker/loader/testdata/inits/third"
)

var V = first.Note("second.V after " + third.V)

// Table is initialised by a function of its own.
var Table = map[string]int{"a": 1, "b": 2, "c": len(V), "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 10, "k": 11, "l": 12, "m": 13, "n": 14, "o": 15, "p": 16, "q": 17, "r": 18, "s": 19, "t": 20, "u": 21, "v": 22, "w": 23, "x": 24, "y": 25, "z": 26}

func init() { first.Note("second.init") }
