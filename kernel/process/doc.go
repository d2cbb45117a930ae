// Package process starts programs that end with this one, however it ends, and ends
// them with all that they have started. It knows nothing of what the programs do.
package process
