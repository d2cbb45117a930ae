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
	"strings"
	"time"

	"locuslab/kernel/display"
)

var (
	timeitLine = command{"%timeit [-n loops] [-r runs] statement", "run a statement many times and tell the mean and its spread", timeit}
	timeitCell = command{"%%timeit [-n loops] [-r runs]", "the same for the cell", timeit}
)

// joined is a flag with its number as IPython takes it, too: -n100.
var joined = regexp.MustCompile(`^-([nr])(\d+)$`)

// timeit runs the statement in a loop of one compiled function, so that what is
// timed is the statement and not the kernel.
func timeit(ctx context.Context, h Host, c Call, out display.Output) error {
	flags := flag.NewFlagSet("timeit", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	loops := flags.Int("n", 0, "")
	runs := flags.Int("r", 7, "")
	words := strings.Fields(c.Args)
	for i, word := range words {
		words[i] = joined.ReplaceAllString(word, "-$1=$2")
	}
	if err := flags.Parse(words); err != nil || *loops < 0 || *runs < 1 {
		return usage("%%timeit takes -n loops and -r runs before the statement, both whole numbers of at least 1")
	}
	statement := c.Body
	if !c.cell {
		rest := flags.Args()
		if len(rest) == 0 {
			return usage("%%timeit wants a statement behind it")
		}
		statement = c.Args
		for range len(words) - len(rest) { // what was read as flags
			statement = strings.TrimSpace(statement)
			statement = statement[strings.IndexAny(statement+" ", " \t"):]
		}
		statement = strings.TrimSpace(statement)
	}
	if x, err := parser.ParseExpr(statement); err == nil && !runsAlone(x) {
		statement = "_ = " + statement
	}
	run := func(n int) (time.Duration, error) {
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
	var sum, squares float64
	for range *runs {
		took, err := run(*loops)
		if err != nil {
			return err
		}
		each := took.Seconds() / float64(*loops)
		sum += each
		squares += each * each
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
	out.Write(display.Stdout, fmt.Sprintf("%s ± %s per loop (mean ± std. dev. of %s, %s each)\n",
		formatSeconds(mean), formatSeconds(spread), plural(*runs, "run"), plural(*loops, "loop")))
	return nil
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

// formatSeconds is FormatTime for times below a nanosecond too.
func formatSeconds(s float64) string {
	if s < 1e-9 {
		return significant(s*1e9) + " ns"
	}
	return FormatTime(time.Duration(s * 1e9))
}
