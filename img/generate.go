// Package img holds the pictures of the lessons. `go generate ./img` draws them
// anew from measurements.json; `go run ./img/draw -measure` measures on this
// machine first.
package img

//go:generate go run ./draw
