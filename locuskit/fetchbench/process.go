package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// cpuSoFar returns the CPU time of this process, in seconds.
func cpuSoFar() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0 // cannot happen: the arguments are constants that the system knows
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}

// cpuOf returns the CPU time of another process, in seconds.
func cpuOf(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	// Behind the program's name, which may hold anything, user and system time are the 12th and 13th.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0, errors.New("the system tells no CPU time of process " + strconv.Itoa(pid))
	}
	var ticks float64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	const ticksPerSecond = 100 // on every Linux that Go runs on
	return ticks / ticksPerSecond, nil
}

// peakMB returns the most memory that this process has had, in megabytes. getrusage would count the parent's as
// well, from before this program took its place.
func peakMB() (float64, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if kB, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(kB), " kB"), 64)
			return n / 1024, err
		}
	}
	return 0, errors.New("the system tells no peak of memory")
}

// left counts goroutines and open files, once those that are ending have had a moment to.
func left() (goroutines, descriptors int) {
	goroutines, descriptors = 1<<30, 1<<30
	for range 50 {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			return 0, 0
		}
		g, d := runtime.NumGoroutine(), len(list)
		if g >= goroutines && d >= descriptors {
			break
		}
		goroutines, descriptors = min(g, goroutines), min(d, descriptors)
		time.Sleep(20 * time.Millisecond)
	}
	return goroutines, descriptors
}

// liveHeap is the most memory in use right after a collection.
type liveHeap struct{ most float64 }

func (l *liveHeap) look() {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	l.most = max(l.most, float64(m.HeapAlloc)/(1<<20))
}
