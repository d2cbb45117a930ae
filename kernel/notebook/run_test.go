package notebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"locuslab/kernel/display"
)

// scripted is a session whose cells are Go functions.
type scripted struct {
	cells  map[string]func(out display.Output) error
	queued []string
	ran    []string
}

func (s *scripted) Queue(code string) { s.queued = append(s.queued, code) }

func (s *scripted) Execute(_ context.Context, code string, count int, out display.Output) error {
	s.ran = append(s.ran, fmt.Sprintf("%d:%s", count, code))
	if f := s.cells[code]; f != nil {
		return f(out)
	}
	return nil
}

// parse makes a notebook of code cells; a cell "#tag text" is tagged.
func parse(t *testing.T, cells ...string) *Notebook {
	t.Helper()
	var list []string
	for _, c := range cells {
		tags := ""
		if rest, ok := strings.CutPrefix(c, "#"); ok {
			var tag string
			tag, c, _ = strings.Cut(rest, " ")
			tags = fmt.Sprintf(`"tags":[%q]`, tag)
		}
		list = append(list, fmt.Sprintf(`{"cell_type":"code","metadata":{%s},"source":%q,"outputs":[{"output_type":"stream","name":"stdout","text":"stale"}]}`, tags, c))
	}
	nb, err := Parse([]byte(`{"nbformat":4,"cells":[` + strings.Join(list, ",") + `]}`))
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func TestRunStopsAtTheFirstFailingCell(t *testing.T) {
	nb := parse(t, "a", "  ", "#skip-execution s", "#raises-exception expected", "bad", "never")
	fail := &display.Failure{Name: "panic", Value: "boom", Traceback: []string{"In[3]:1", "boom"}}
	s := &scripted{cells: map[string]func(display.Output) error{
		"a":        func(o display.Output) error { o.Write(display.Stdout, "hello\n"); return nil },
		"expected": func(display.Output) error { return fmt.Errorf("wrapped: %w", fail) },
		"bad":      func(o display.Output) error { o.Write(display.Stdout, "before"); return fail },
	}}
	var progress []string
	err := nb.Run(t.Context(), s, func(done, total int, next *Cell) {
		progress = append(progress, fmt.Sprintf("%d/%d %s", done, total, next.Source()))
	})
	var cellErr *CellError
	if !errors.As(err, &cellErr) || cellErr.Index != 4 || cellErr.Count != 3 || cellErr.Source != "bad" || !errors.Is(err, fail) {
		t.Fatalf("error %#v", err)
	}
	if want := []string{"1:a", "2:expected", "3:bad"}; !slices.Equal(s.ran, want) {
		t.Errorf("ran %q, want %q", s.ran, want)
	}
	if want := []string{"a", "expected", "bad", "never"}; !slices.Equal(s.queued, want) {
		t.Errorf("queued %q, want %q", s.queued, want)
	}
	if want := []string{"0/4 a", "1/4 expected", "2/4 bad"}; !slices.Equal(progress, want) {
		t.Errorf("progress %q, want %q", progress, want)
	}
	var texts []string
	for _, c := range nb.Cells() {
		texts = append(texts, c.Text())
	}
	want := []string{"hello\n", "", "stale", "panic: boom\n", "beforepanic: boom\n", ""}
	if !slices.Equal(texts, want) {
		t.Errorf("outputs %q, want %q", texts, want)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	nb := parse(t, "a", "b")
	ctx, cancel := context.WithCancel(t.Context())
	s := &scripted{cells: map[string]func(display.Output) error{"a": func(display.Output) error { cancel(); return nil }}}
	if err := nb.Run(ctx, s, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if len(s.ran) != 1 {
		t.Errorf("ran %q", s.ran)
	}
}

func TestOutputsHaveNbformatsForm(t *testing.T) {
	show := func(o display.Output) {
		o.Write(display.Stdout, "one\n")
		o.Write(display.Stdout, "two")
		o.Write(display.Stderr, "10 %\r20 %\rdone\n")
		o.Display(display.Bundle{ID: "bar", Data: map[string]any{"text/plain": "0 %"}})
		o.Display(display.Bundle{Data: map[string]any{
			"image/png":        []byte("\x89PNG"),
			"text/html":        "<b>a</b>\n<i>b</i>",
			"application/json": map[string]any{"n": 1.5},
		}, Metadata: map[string]any{"width": 3}})
		o.Result(display.Text("42"))
	}
	nb := parse(t, "show", "update", "clear")
	s := &scripted{cells: map[string]func(display.Output) error{
		"show": func(o display.Output) error { show(o); return nil },
		"update": func(o display.Output) error {
			o.Display(display.Bundle{ID: "bar", Update: true, Data: map[string]any{"text/plain": "100 %"}})
			return nil
		},
		"clear": func(o display.Output) error {
			o.Write(display.Stdout, "gone\n")
			o.Clear(false)
			o.Write(display.Stdout, "replaced\n")
			o.Clear(true)
			o.Write(display.Stdout, "last")
			o.Clear(true) // nothing follows: keeps what is there
			return nil
		},
	}}
	if err := nb.Run(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	const want = `"outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "one\n",
      "two"
     ]
    },
    {
     "name": "stderr",
     "output_type": "stream",
     "text": [
      "done\n"
     ]
    },
    {
     "data": {
      "text/plain": [
       "100 %"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    },
    {
     "data": {
      "application/json": {
       "n": 1.5
      },
      "image/png": "iVBORw==",
      "text/html": [
       "<b>a</b>\n",
       "<i>b</i>"
      ]
     },
     "metadata": {
      "width": 3
     },
     "output_type": "display_data"
    },
    {
     "data": {
      "text/plain": [
       "42"
      ]
     },
     "execution_count": 1,
     "metadata": {},
     "output_type": "execute_result"
    }
   ],`
	if got := string(nb.Bytes()); !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant in it\n%s", got, want)
	}
	if got := nb.Cells()[2].Text(); got != "last" {
		t.Errorf("cleared cell holds %q", got)
	}
}

func TestInputHasNobodyToAsk(t *testing.T) {
	nb := parse(t, "ask")
	s := &scripted{cells: map[string]func(display.Output) error{"ask": func(o display.Output) error {
		_, err := o.Input(context.Background(), "name?", false)
		return err
	}}}
	err := nb.Run(t.Context(), s, nil)
	if err == nil || !strings.Contains(err.Error(), `"name?"`) || !strings.Contains(err.Error(), "JupyterLab") {
		t.Errorf("error %v", err)
	}
}
