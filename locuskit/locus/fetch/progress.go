package fetch

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"locuslab/locuskit/progress"
)

// linesEvery is how often a log gets a line; a terminal has one that changes.
const linesEvery = 5 * time.Second

// messages returns where progress and summaries go: standard error if it is a terminal or goes to a file or a
// pipe, and nowhere if a program that embeds the command has taken its place to hear of errors.
func messages(cmd *cobra.Command) io.Writer {
	if f, ok := cmd.ErrOrStderr().(*os.File); ok {
		return f
	}
	return io.Discard
}

// progressTo shows the progress of a fetch on w.
func progressTo(w io.Writer) progress.Func {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return func(p progress.Report) {
			if p.Over {
				fmt.Fprint(w, "\r\x1b[K") // the summary says the rest
				return
			}
			fmt.Fprintf(w, "\r\x1b[K%v", p)
		}
	}
	var last time.Duration
	return func(p progress.Report) {
		if p.Elapsed < last {
			last = 0 // another fetch of the same run
		}
		if !p.Over && p.Elapsed-last >= linesEvery {
			last = p.Elapsed
			fmt.Fprintln(w, p)
		}
	}
}
