package gosuite

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
)

// What can come of a program in one way.
const (
	passed = "passed"
	failed = "failed"
	known  = "known to fail"
	uncut  = "not cut"
	unfit  = "not for a notebook"
)

var verdicts = []string{passed, failed, known, uncut, unfit}

type result struct{ Program, Way, Verdict, Why string }

// results collects what came of the programs. With a file, a run that was ended is
// taken up again.
type results struct {
	mu     sync.Mutex
	latest map[[2]string]result // by program and way
	file   *os.File             // nil without
	err    error                // of writing it
}

func openResults(path string) (*results, error) {
	r := &results{latest: map[[2]string]result{}}
	if path == "" {
		return r, nil
	}
	var err error
	r.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewReader(r.file)
	for {
		line, err := lines.ReadBytes('\n')
		var one result
		if json.Unmarshal(line, &one) == nil && one.Verdict == passed {
			r.latest[[2]string{one.Program, one.Way}] = one
		}
		if errors.Is(err, io.EOF) {
			return r, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (r *results) passedBefore(program, way string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.latest[[2]string{program, way}].Verdict == passed
}

func (r *results) add(one result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latest[[2]string{one.Program, one.Way}] = one
	if r.file != nil {
		line, err := json.Marshal(one)
		if err == nil {
			_, err = r.file.Write(append(line, '\n'))
		}
		r.err = errors.Join(r.err, err)
	}
}

func (r *results) close() error {
	if r.file == nil {
		return nil
	}
	return errors.Join(r.err, r.file.Close())
}

// table sums up by way, and counts the reasons of what was not run.
func (r *results) table(ways []Way) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := map[[2]string]int{} // by way and verdict
	reasons := map[string]int{}  // of what was not run, by way, verdict and reason
	for _, one := range r.latest {
		count[[2]string{one.Way, one.Verdict}]++
		if one.Verdict == uncut || one.Verdict == unfit {
			reasons[fmt.Sprintf("%s\t%s\t%s", one.Way, one.Verdict, one.Why)]++
		}
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "way\tprograms\t%s\t\n", strings.Join(verdicts, "\t"))
	for _, way := range ways {
		total := 0
		cells := ""
		for _, v := range verdicts {
			n := count[[2]string{way.Name, v}]
			total += n
			cells += fmt.Sprintf("\t%d", n)
		}
		fmt.Fprintf(w, "%s\t%d%s\t\n", way.Name, total, cells)
	}
	fmt.Fprintln(w)
	keys := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(reasons[b]-reasons[a], strings.Compare(a, b))
	})
	for _, key := range keys {
		fmt.Fprintf(w, "%d\t%s\n", reasons[key], key)
	}
	w.Flush()
	return b.String()
}
