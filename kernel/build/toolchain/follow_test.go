package toolchain

import (
	"slices"
	"testing"
	"time"
)

func TestFollowerTellsHowFarABuildIs(t *testing.T) {
	var told []string
	listed := make(chan []string)
	f := &follower{tell: func(line string) { told = append(told, line) }, list: func() []string { return <-listed }}
	say := func(line string, progress bool) {
		t.Helper()
		f.told = time.Time{} // long ago
		if f.take(line) != progress {
			t.Errorf("%q: progress is %v", line, !progress)
		}
	}
	say("go: downloading example.org/a v1.0.0", true)
	say("go: example.org/a: no such module", false)
	say("# example.org/a", false)
	say("a.go:3:2: undefined: x", false)
	say("", false)
	say("example.org/a", true)
	listed <- []string{"unsafe", "example.org/a", "example.org/b", "example.org/c"}
	f.listing.Wait()
	say("example.org/c", true)
	say("example.org/b", true) // beside it
	f.told = time.Now().Add(time.Hour)
	f.take("example.org/c") // too soon: a front end need not draw it
	want := []string{
		"downloading example.org/a v1.0.0",
		"\rcompiling example.org/a",
		"\r2 of 4 packages: compiling example.org/a",
		"\r4 of 4 packages: compiling example.org/c",
		"\r4 of 4 packages: compiling example.org/b",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%q\nnot\n%q", told, want)
	}
}
