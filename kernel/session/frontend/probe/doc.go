// Package probe reads a cell's Go code as the type checker does: it collects what the code
// imports and declares, decides which version of each earlier name is meant, writes one Go
// file in the user's own names (the probe) and checks that. Errors are
// reported with the user's lines.
//
// It knows neither how the file is turned into what is compiled, which is package
// frontend's, nor what compiles or runs it.
package probe
