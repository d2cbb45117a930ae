//go:build !linux

package large

// adviseHugePages does nothing: other systems choose the size of pages by themselves.
func adviseHugePages([]byte) {}
