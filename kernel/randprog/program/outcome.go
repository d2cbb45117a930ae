package program

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// An Outcome is what became of a cell.
type Outcome struct {
	Out    string // all of standard output
	Failed string // what the panic or the interrupt said; "" when the cell succeeded
	Result string // of the last expression
}

// Harness is the file that references are compiled with. It runs the program that
// its argument names, among those whose references it is given.
func Harness(prefixes []string) string {
	var b strings.Builder
	b.WriteString(harness)
	for _, p := range prefixes {
		fmt.Fprintf(&b, "\t%q: %s,\n", p, p)
	}
	b.WriteString("}\n")
	return b.String()
}

const harness = `package main

import (
	"fmt"
	"os"
)

func main() { programs[os.Args[1]]() }

var (
	shown string
	turns int
)

func result(v any) { shown = fmt.Sprint(v) }

// stop ends a loop that goes on until it is interrupted.
func stop() {
	if turns++; turns > 50 {
		panic("nterrupt")
	}
}

// step runs a cell and writes how it ended.
func step(cell func()) {
	shown, turns = "", 0
	failed := ""
	defer func() {
		if v := recover(); v != nil {
			failed = fmt.Sprint(v)
		}
		fmt.Printf("\x01%q %q\n", failed, shown)
	}()
	cell()
}

var programs = map[string]func(){
`

var (
	ended     = regexp.MustCompile("\x01(\"(?:[^\"\\\\]|\\\\.)*\") (\"(?:[^\"\\\\]|\\\\.)*\")\n")
	versioned = regexp.MustCompile(`[a-z]\w*` + Mark + `\d+` + Mark)
)

// Outcomes reads what a reference has written.
func Outcomes(out string) []Outcome {
	var list []Outcome
	plain := func(s string) string { return versioned.ReplaceAllString(s, "") }
	from := 0
	for _, m := range ended.FindAllStringSubmatchIndex(out, -1) {
		failed, _ := strconv.Unquote(out[m[2]:m[3]])
		result, _ := strconv.Unquote(out[m[4]:m[5]])
		list = append(list, Outcome{Out: plain(out[from:m[0]]), Failed: plain(failed), Result: plain(result)})
		from = m[1]
	}
	return list
}

var noValue = regexp.MustCompile(`(\S+) has no value: its cell ended before it`)

// Unreached reports whether the last of the cells failed for a variable of an earlier one that
// failed before its statement. The kernel refuses that, where plain Go goes on with zero: from
// there on the two cannot be compared.
func Unreached(cells []Cell, want []Outcome, got Outcome) bool {
	m := noValue.FindStringSubmatch(got.Failed)
	if m == nil {
		return false
	}
	for i, c := range cells[:len(cells)-1] {
		if want[i].Failed != "" && strings.Contains(c.Code(), m[1]) {
			return true
		}
	}
	return false
}

// Difference tells in what a kernel's outcome is not the reference's; "" for nothing.
func Difference(want, got Outcome) string {
	switch {
	case want.Failed == "" && got.Failed != "":
		return fmt.Sprintf("it should succeed, but failed: %s", got.Failed)
	case want.Failed != "" && got.Failed == "":
		return fmt.Sprintf("it should fail with %q, but succeeded", want.Failed)
	case !strings.Contains(got.Failed, want.Failed):
		return fmt.Sprintf("it should fail with %q, but failed: %s", want.Failed, got.Failed)
	case want.Out != got.Out:
		return fmt.Sprintf("it should print\n%s\nbut printed\n%s", want.Out, got.Out)
	case want.Result != got.Result:
		return fmt.Sprintf("it should show %q, but showed %q", want.Result, got.Result)
	}
	return ""
}
