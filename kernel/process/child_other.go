//go:build !linux

package process

import "syscall"

// endWithParent makes a child in a process group of its own. Only Linux can tell
// a process of its parent's death.
func endWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// killWithParent asks for nothing, for the same reason.
func killWithParent() *syscall.SysProcAttr { return nil }

// adoptOrphans does nothing: only Linux hands orphans to an ancestor.
func adoptOrphans() {}

// endDescendants does nothing: without adoptOrphans there is no way to know them.
func endDescendants() {}
