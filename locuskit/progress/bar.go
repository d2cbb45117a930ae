package progress

import (
	"fmt"
	"html"
	"os"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Bar shows progress where the user looks: in the notebook, else in the
// terminal. Where there is neither it returns nil.
func Bar() Func {
	switch {
	case gonbui.IsNotebook:
		id := "locuskit-progress-" + gonbui.UniqueId()
		return func(r Report) { gonbui.UpdateHTML(id, barHTML(r)) }
	case term.IsTerminal(int(os.Stderr.Fd())):
		return terminalBar()
	}
	return nil
}

// barHTML draws with the browser's own <progress>, which follows the
// notebook's light or dark theme.
func barHTML(r Report) string {
	return fmt.Sprintf(`<div><progress value="%d" max="%d" style="width:20em;vertical-align:middle"></progress> %s</div>`,
		r.Done, r.Total, html.EscapeString(r.String()))
}

func terminalBar() Func {
	var bar *progressbar.ProgressBar
	return func(r Report) {
		if bar == nil {
			bar = progressbar.NewOptions(r.Total,
				progressbar.OptionSetDescription(r.What),
				progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionThrottle(time.Duration(0)),
				progressbar.OptionClearOnFinish())
		}
		if r.Failed > 0 {
			bar.Describe(fmt.Sprintf("%s (%d failed)", r.What, r.Failed))
		}
		_ = bar.Set(r.Done) // a bar that cannot be drawn is no reason to fail a fetch
		if r.Over {
			_ = bar.Finish()
		}
	}
}
