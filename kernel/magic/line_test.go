package magic

import "testing"

func TestReadLine(t *testing.T) {
	for _, c := range []struct {
		text                                       string
		shell, question, outOfPlace, needs, behind bool
		main                                       bool
	}{
		{text: "!ls | grep x", shell: true},
		{text: "?x", question: true, needs: true},
		{text: "strings.ToUpper?", question: true, needs: true},
		{text: "%time f()", needs: true},
		{text: "%env A=b"},
		{text: "%%", main: true},
		{text: "%main", main: true},
		{text: "%% -v", needs: true, main: true},
		{text: "%exec f", behind: true, main: true},
		{text: "%%time", outOfPlace: true},
		{text: "%nonsense"},
		{text: "%%nonsense", outOfPlace: true},
	} {
		l := ReadLine(" " + c.text + " ")
		got := c
		got.text, got.shell, got.question, got.outOfPlace = l.Text, l.IsShell(), l.IsQuestion(), l.IsOutOfPlace()
		got.needs, got.behind, got.main = l.NeedsDeclarations(), l.RunsBehindDeclarations(), l.BeginsMain()
		if got != c {
			t.Errorf("%+v, want %+v", got, c)
		}
	}
}
