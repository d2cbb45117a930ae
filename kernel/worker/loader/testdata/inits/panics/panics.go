// Package panics does not initialise.
package panics

import "errors"

var V = 5

func init() { panic(errors.New("cannot initialise")) }
