// Package tagged shows which of its files were built.
package tagged

var chosen = []string{"always"}

// Chosen names the files that build tags chose.
func Chosen() []string { return chosen }
