//go:build !linux

package process

import "os"

// AwaitsInput reports false: other systems do not tell.
func AwaitsInput(int, *os.File) bool { return false }
