//go:build !linux

package worker

// readingStdin cannot be told here: a cell that wants a line asks through
// gonbui.RequestInput.
func readingStdin(int) bool { return false }
