// Package first is initialised before the others.
package first

import "fmt"

var Order []string

// V depends on a function, so that it is set at run time.
var V = note("first.V")

func note(s string) string { Order = append(Order, s); return s }

// Note adds to the order.
func Note(s string) string { return note(s) }

func init() { note("first.init") }

func init() { note(fmt.Sprint("first.init ", len(Order))) }
