// Package semantics holds what a cell means as cases, each a session's cells with what they
// must show, and runs them in the kernel. README.md describes their form.
package semantics
