package main_test

import (
	"os"
	"strings"
	"testing"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/kerneltest"
)

// Values of libraries that the kernel knows nothing of at its build show as tables and
// pictures.
func TestDisplaysOfLibraries(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/displays")); err != nil {
		t.Fatal(err)
	}
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for _, c := range []struct{ cell, mime, holds, text string }{
		{`import "gonum.org/v1/gonum/mat"
mat.NewDense(2, 2, []float64{1, 2, 3, 4.5})`, "text/html", ">4.5</td>", "   0    1\n0  1    2\n1  3  4.5\n\n2 rows × 2 columns"},
		{`*mat.NewSymDense(1, []float64{7})`, "text/html", ">7</td>", "   0\n0  7\n\n1 row"},
		{`mat.NewCDense(1, 1, []complex128{1i})`, "text/plain", "Data:[(0+1i)]", ""},
		{`import "gonum.org/v1/plot"
p := plot.New()
p.Title.Text = "ups & downs"
p`, "image/svg+xml", "<svg", `*plot.Plot "ups & downs"`},
		{`import "github.com/go-gota/gota/dataframe"
dataframe.LoadRecords([][]string{{"code", "visits"}, {"L0K", "562"}, {"<L4B>", "475"}})`, "text/html", "&lt;L4B&gt;", "   code   visits\n0  L0K       562\n1  <L4B>     475\n\n2 rows × 2 columns"},
		{`dataframe.LoadRecords(nil)`, "text/plain", "rror", ""},
		{`import "github.com/go-gota/gota/series"
series.New([]float64{1.5}, series.Float, "price")`, "text/html", "price", "      price\n0  1.500000\n\n1 row"},
		{`import "github.com/go-echarts/go-echarts/v2/charts"
import "github.com/go-echarts/go-echarts/v2/opts"
bar := charts.NewBar()
bar.SetGlobalOptions(charts.WithTitleOpts(opts.Title{Title: "sales"}))
bar`, "text/html", "<iframe", `*charts.Bar "sales"`},
	} {
		o, err := k.Run(t.Context(), c.cell)
		if err != nil {
			t.Fatal(err)
		}
		shown, text := o.Result(c.mime), o.Result("text/plain")
		if !strings.Contains(shown, c.holds) || c.text != "" && text != c.text {
			t.Errorf("%s\n%sshows %.300s\nas text\n%s", c.cell, kerneltest.FailureText(o), shown, text)
		}
	}
}

// TestLongTextIsWhole prints more than fits into one message, in characters of several bytes
// that no size of a message is a multiple of.
func TestLongTextIsWhole(t *testing.T) {
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for code, want := range map[string]string{
		`fmt.Print("a" + strings.Repeat("é", 100_000))`:                 "a" + strings.Repeat("é", 100_000),
		`fmt.Print("ab" + strings.Repeat("€", 100_000))`:                "ab" + strings.Repeat("€", 100_000),
		`for range 50_000 { fmt.Print("x𝄞") }`:                          strings.Repeat("x𝄞", 50_000),
		`!printf a; for i in $(seq 5000); do printf éééééééééé€; done`:  "a" + strings.Repeat("éééééééééé€", 5000),
		"%%bash\nprintf ab; for i in $(seq 5000); do printf €𝄞; done\n": "ab" + strings.Repeat("€𝄞", 5000),
	} {
		o, err := k.Run(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Stream("stdout"); got != want {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Errorf("%.60s: %d bytes of %d, which differ from byte %d on", code, len(got), len(want), at)
		}
	}
}
