// Package secret is internal to the module.
package secret

// Word is the word.
func Word() string { return "xyzzy" }
