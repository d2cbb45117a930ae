package report

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"locuslab/kernel/session/scope"
	"locuslab/kernel/worker/wire"
)

// A call is one of a stack as the user is shown it: a cell's, or a library's.
type call struct {
	*CellFrame
	function, place string // of a library
	starts          bool   // it started the goroutine
	again           bool   // calls of a recursion stood here, which are above already
}

// maxLibraryCalls bounds what is shown of a library.
const maxLibraryCalls = 12

// calls are what of a stack is of use to the user, innermost first: down to the
// last of a cell, since what called that is how goroutines are started.
func (l *Sources) calls(stack []wire.Frame) []call {
	var list []call
	library, last := 0, 0
	for _, f := range stack {
		if IsEntry(f.Func) {
			break
		}
		in, ok := l.Frame(f)
		switch {
		case in != nil:
			list = append(list, call{CellFrame: in, starts: f.Starts})
			last = len(list)
		case !ok && !isKernels(f) && library < maxLibraryCalls:
			library++
			list = append(list, l.libraryCall(f))
		}
	}
	if last > 0 {
		list = list[:last]
	}
	return withoutRepetitions(list)
}

// withoutRepetitions leaves out the calls of a recursion but for the first of each place.
func withoutRepetitions(list []call) (short []call) {
	seen := map[string]bool{}
	for _, c := range list {
		key := c.function + c.place
		if c.CellFrame != nil {
			key = fmt.Sprint(c.Count, c.Line, c.CellFrame.Function, c.starts)
		}
		switch {
		case !seen[key]:
			seen[key] = true
			short = append(short, c)
		case !short[len(short)-1].again:
			short = append(short, call{again: true})
		}
	}
	return short
}

// againText stands for what withoutRepetitions has left out.
const againText = "… again and again"

// isKernels tells what the kernel has put between the user's code: package nb, and
// the beginning of a function that the compiler takes for the line before it.
func isKernels(f wire.Frame) bool {
	return strings.Contains(f.Func, "locuslab.session/nb.") || strings.HasPrefix(f.Func, "main.") && filepath.Base(f.File) == "cell.go"
}

// copied is the beginning of the path of a file that %reload has copied.
var copied = regexp.MustCompile(`^.*/reloaded-\d+/`)

func (l *Sources) libraryCall(f wire.Frame) call {
	title, file := scope.Recognisable(f.Func), f.File
	slash := strings.LastIndexByte(f.Func, '/') + 1
	dot := slash + strings.IndexByte(f.Func[slash:], '.')
	if strings.HasPrefix(f.Func, "main.") { // inlined into a cell
		title = functionTitle(f.Func)
	}
	if rest, ok := strings.CutPrefix(strings.Replace(file, l.goroot, "$GOROOT", 1), "$GOROOT/src/"); ok {
		file = rest
	} else if i := strings.Index(file, "/src/"+f.Func[:max(dot, 0)]+"/"); i >= 0 {
		file = file[i+len("/src/"):]
	} else if _, rest, ok := strings.Cut(file, "/pkg/mod/"); ok {
		file = rest
	}
	return call{function: title, place: fmt.Sprintf("%s:%d", copied.ReplaceAllString(file, ""), f.Line)}
}

// Frames shows a stack, innermost first: the cells' calls with their lines.
func (l *Sources) Frames(stack []wire.Frame) []string {
	var lines []string
	for _, c := range l.calls(stack) {
		if c.again {
			lines = append(lines, Faint+againText+Normal)
			continue
		}
		if c.CellFrame == nil {
			lines = append(lines, fmt.Sprintf("%s%s\n\t%s%s", Faint, c.function, c.place, Normal))
			continue
		}
		title := strings.TrimSuffix(fmt.Sprintf("%sIn[%d]:%d%s %s", Bold, c.Count, c.Line, Normal, c.CellFrame.Function), " ")
		if c.starts {
			title += " started it"
		}
		lines = append(lines, fmt.Sprintf("%s\n%s%4d |%s %s", title, Faint, c.Line, Normal, c.Text))
	}
	return lines
}

// GoroutinePanic is what the user reads when a goroutine of a cell panics. It goes
// to a stream, and so has no colours.
func (l *Sources) GoroutinePanic(p *wire.Panic) string {
	var b strings.Builder
	fmt.Fprintf(&b, "panic in a goroutine: %s\n", scope.WithoutReloaded(p.Value))
	for _, c := range l.calls(p.Frames) {
		if c.again {
			b.WriteString("  " + againText + "\n")
			continue
		}
		if c.CellFrame == nil {
			fmt.Fprintf(&b, "  %s\n      %s\n", c.function, c.place)
			continue
		}
		in := ""
		if c.CellFrame.Function != "" {
			in = " in " + c.CellFrame.Function
		}
		fmt.Fprintf(&b, "  In[%d]:%d%s\n%4d | %s\n", c.Count, c.Line, in, c.Line, c.Text)
	}
	b.WriteString("the goroutine has ended; everything else goes on\n")
	return b.String()
}
