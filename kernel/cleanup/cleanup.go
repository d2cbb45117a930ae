// Package cleanup ends what a kernel leaves behind, however the kernel ends: the
// processes that it and its cells have started, and its temporary folders.
//
// Every process below the kernel inherits an environment variable that holds a mark
// unique to this kernel, even one that has left the process group, and the folders have
// the mark in their names. A shell waits on a pipe that only the kernel holds open.
// When the kernel has ended, even by SIGKILL, the shell ends every process that carries
// the mark.
package cleanup

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

const (
	variable = "LOCUSLAB_KERNEL"
	// Memory is the folder that Linux keeps in memory.
	Memory = "/dev/shm"
)

var mark = sync.OnceValue(func() string { return fmt.Sprintf("%d-%s", os.Getpid(), rand.Text()) })

// MkdirTemp makes a folder for a purpose, in dir or, when that is empty, where the
// system keeps temporary files. Its maker removes it; the kernel's end does otherwise.
func MkdirTemp(dir, purpose string) (string, error) {
	return os.MkdirTemp(dir, "locuslab-"+mark()+"-"+purpose+"-")
}

// sweep is the shell's program. It reads the folders of OnEnd until the pipe is closed. A
// process may start another one as it is found, so it looks again until there is none.
const sweep = `
variable=$1 mark=$2 temp=$3 memory=$4
shift 4
while IFS= read -r folder; do set -- "$@" "$folder"; done
for try in 1 2 3 4 5; do
	found=$(grep -lsF "$variable=$mark" /proc/[0-9]*/environ)
	[ -n "$found" ] || break
	for file in $found; do
		process=${file#/proc/}
		kill -9 "${process%/environ}" 2>/dev/null
	done
done
rm -rf "$temp/locuslab-$mark-"* "$memory/locuslab-$mark-"*
for folder; do
	rm -rf -- "$folder"
	rmdir -- "${folder%/*}" 2>/dev/null
done
`

// watch is the pipe that the shell waits on.
var watch struct {
	sync.Mutex
	pipe *os.File
}

// Watch begins to mark processes and has their end, and that of the folders, wait
// for the end of this process. end does it at once, as the last thing.
func Watch() (end func(), err error) {
	if err := os.Setenv(variable, mark()); err != nil {
		return nil, fmt.Errorf("mark what the kernel starts: %w", err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("watch over what the kernel starts: %w", err)
	}
	cmd := exec.Command("sh", "-c", sweep, "sh", variable, mark(), os.TempDir(), Memory)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH")} // without the mark, or it would end itself
	cmd.Dir = "/"
	cmd.Stdin = read
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // a signal to the kernel's group is not for it
	err = cmd.Start()
	read.Close()
	if err != nil {
		write.Close()
		return nil, fmt.Errorf("watch over what the kernel starts: %w", err)
	}
	watch.Lock()
	defer watch.Unlock()
	watch.pipe = write
	return func() {
		watch.Lock()
		defer watch.Unlock()
		watch.pipe = nil
		write.Close()
		_ = cmd.Wait() // there is nobody left to tell
	}, nil
}

// OnEnd has a folder that does not lie where MkdirTemp's do removed at the end of this
// process, and the folder that it is in if nothing else is in that. Its maker may remove it
// before. It does nothing before Watch.
func OnEnd(folder string) error {
	watch.Lock()
	defer watch.Unlock()
	if watch.pipe == nil {
		return nil
	}
	if !filepath.IsAbs(folder) || strings.Contains(folder, "\n") {
		return fmt.Errorf("have the folder %q removed at the end: it has no absolute path of one line", folder)
	}
	if _, err := fmt.Fprintln(watch.pipe, folder); err != nil {
		return fmt.Errorf("have the folder %s removed at the end: %w", folder, err)
	}
	return nil
}
