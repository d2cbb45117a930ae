//go:build !linux

package process

// lower does nothing: only Linux has priorities of threads.
func lower() {}
