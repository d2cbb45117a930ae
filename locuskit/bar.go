package locuskit

import (
	"fmt"
	"html"
	"os"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// newBar shows progress where the user looks: in the notebook, else in the
// terminal, else nowhere.
func newBar() ProgressFunc {
	switch {
	case gonbui.IsNotebook:
		id := "locuskit-progress-" + gonbui.UniqueId()
		return func(p Progress) { gonbui.UpdateHTML(id, barHTML(p)) }
	case term.IsTerminal(int(os.Stderr.Fd())):
		return terminalBar()
	}
	return nil
}

// barHTML draws with the browser's own <progress>, which follows the
// notebook's light or dark theme.
func barHTML(p Progress) string {
	return fmt.Sprintf(`<div><progress value="%d" max="%d" style="width:20em;vertical-align:middle"></progress> %s</div>`,
		p.Done, p.Total, html.EscapeString(p.String()))
}

func terminalBar() ProgressFunc {
	var bar *progressbar.ProgressBar
	return func(p Progress) {
		if bar == nil {
			bar = progressbar.NewOptions(p.Total,
				progressbar.OptionSetDescription(p.What),
				progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionShowCount(), progressbar.OptionShowIts(),
				progressbar.OptionThrottle(time.Duration(0)),
				progressbar.OptionClearOnFinish())
		}
		if p.Failed > 0 {
			bar.Describe(fmt.Sprintf("%s (%d failed)", p.What, p.Failed))
		}
		_ = bar.Set(p.Done) // a bar that cannot be drawn is no reason to fail a fetch
		if p.Over {
			_ = bar.Finish()
		}
	}
}
