package magic

import (
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"locuslab/kernel/display"
)

var (
	timeitLine = command{"%timeit [-n loops] [-r runs] [-p digits] [-q] [-o] statement", "run a statement many times and report the mean and its spread; -q prints nothing, -o has the figures as a value", timeit}
	timeitCell = command{"%%timeit [-n loops] [-r runs] [-p digits] [-q] [-o] [set-up]", "run the cell many times and report the mean and its spread; the set-up on its first line is not timed", timeit}
)

// joined is a flag with its number as IPython takes it, too: -n100.
var joined = regexp.MustCompile(`^-([nrp])(\d+)$`)

// timeit runs the statement in a loop of one compiled function, so that what is
// timed is the statement and not the kernel.
func timeit(ctx context.Context, h Host, c Call, out display.Output) error {
	flags := flag.NewFlagSet("timeit", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	loops := flags.Int("n", 0, "")
	runs := flags.Int("r", 7, "")
	digits := flags.Int("p", 3, "")
	quiet := flags.Bool("q", false, "")
	value := flags.Bool("o", false, "")
	words := strings.Fields(c.Args)
	for i, word := range words {
		words[i] = joined.ReplaceAllString(word, "-$1=$2")
	}
	if err := flags.Parse(words); err != nil || *loops < 0 || *runs < 1 || *digits < 1 {
		return usage("%%timeit takes -n loops, -r runs and -p digits before the statement, whole numbers of at least 1, and -q and -o")
	}
	rest := c.Args
	for range len(words) - len(flags.Args()) { // what was read as flags
		rest = strings.TrimSpace(rest)
		rest = rest[strings.IndexAny(rest+" ", " \t"):]
	}
	rest = strings.TrimSpace(rest)
	setup, statement := rest, c.Body
	if !c.cell {
		setup, statement = "", rest
		if rest == "" {
			return usage("%%timeit wants a statement behind it")
		}
	}
	if x, err := parser.ParseExpr(statement); err == nil && !runsAlone(x) {
		statement = "_ = " + statement
	}
	run := func(n int) (time.Duration, error) {
		if setup != "" {
			return runWithSetup(ctx, h, out, setup, statement, n)
		}
		code := fmt.Sprintf("func() { for range %d { func() { %s\n}() } }();", n, statement)
		cost, err := h.Run(ctx, code)
		return cost.Wall, err
	}
	if *loops == 0 { // enough for a fifth of a second
		*loops = 1
		for *loops < 1e9 {
			took, err := run(*loops)
			if err != nil {
				return err
			}
			if took >= 200*time.Millisecond {
				break
			}
			*loops *= 10
		}
	}
	var sum, squares, worst float64
	best := math.Inf(1)
	for range *runs {
		took, err := run(*loops)
		if err != nil {
			return err
		}
		each := took.Seconds() / float64(*loops)
		sum += each
		squares += each * each
		best, worst = min(best, each), max(worst, each)
	}
	n := float64(*runs)
	mean := sum / n
	spread := math.Sqrt(max(0, squares/n-mean*mean))
	plural := func(n int, word string) string {
		if n == 1 {
			return fmt.Sprintf("%d %s", n, word)
		}
		return fmt.Sprintf("%d %ss", n, word)
	}
	if !*quiet {
		out.Write(display.Stdout, fmt.Sprintf("%s ± %s per loop (mean ± std. dev. of %s, %s each)\n",
			formatSeconds(mean, *digits), formatSeconds(spread, *digits), plural(*runs, "run"), plural(*loops, "loop")))
	}
	if !*value {
		return nil
	}
	_, err := h.Run(ctx, fmt.Sprintf("struct{ Average, Stdev, Best, Worst time.Duration; Loops, Repeat int }{%d, %d, %d, %d, %d, %d}",
		int64(mean*1e9), int64(spread*1e9), int64(best*1e9), int64(worst*1e9), *loops, *runs))
	return err
}

// tookMark stands before the time that runWithSetup has its code print.
const tookMark = "\x00timeit "

// runWithSetup runs a statement some times behind its set-up and returns how long the statement
// took. What both print is shown.
func runWithSetup(ctx context.Context, h Host, out display.Output, setup, statement string, n int) (time.Duration, error) {
	rec := &recorder{Output: out, letStderr: true, letDisplays: true}
	code := fmt.Sprintf("func() { %s; began := time.Now(); for range %d { func() { %s\n}() }; fmt.Printf(\"\\x00timeit %%d\", time.Since(began).Nanoseconds()) }();", setup, n, statement)
	_, err := h.Into(rec).Run(ctx, code)
	printed, took, measured := strings.Cut(rec.text(display.Stdout), tookMark)
	if printed != "" {
		out.Write(display.Stdout, printed)
	}
	if err != nil || !measured {
		return 0, err
	}
	nanoseconds, err := strconv.ParseInt(took, 10, 64)
	return time.Duration(nanoseconds), err
}

// runsAlone tells an expression that Go takes for a statement: a call, but not of
// a built-in function that is called for its value.
func runsAlone(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		id, ok := x.Fun.(*ast.Ident)
		return !ok || !strings.Contains(" append cap complex imag len make max min new real ", " "+id.Name+" ")
	case *ast.UnaryExpr:
		return x.Op == token.ARROW
	}
	return false
}

// formatSeconds is FormatTime for times below a nanosecond too, and with any number of digits.
func formatSeconds(s float64, digits int) string {
	if s < 1e-9 {
		return strconv.FormatFloat(s*1e9, 'g', digits, 64) + " ns"
	}
	return formatTime(time.Duration(s*1e9), digits)
}
