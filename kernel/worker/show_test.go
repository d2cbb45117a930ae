package worker_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestResultIsShownAfterWhatWasPrinted(t *testing.T) {
	e, s := start(t)
	o := run(t, e, s, 1, `package main

import "fmt"
import nb "RUNTIME"

type table struct{ rows int }

func (t table) HTML() string   { return fmt.Sprintf("<b>%d</b>", t.rows) }
func (t table) String() string { return fmt.Sprintf("%d rows", t.rows) }

func Cell_1() {
	fmt.Println("printed")
	nb.Show(table{3})
}
`)
	if o.Result == nil || o.Result.Data["text/html"] != "<b>3</b>" || o.Result.Data["text/plain"] != "3 rows" {
		t.Errorf("result %+v", o.Result)
	}
	if len(s.Shown()) != 1 || s.Stdout() != "printed\n" {
		t.Errorf("shown %v, printed %q", s.Shown(), s.Stdout())
	}
}

func TestGonbuiShowsUpdatesAndAsks(t *testing.T) {
	e, s := start(t)
	s.Answer = func(_ context.Context, prompt string) (string, error) { return "to " + prompt, nil }
	run(t, e, s, 1, `package main

import "bufio"
import "fmt"
import "os"
import "github.com/janpfeifer/gonb/gonbui"

func Cell_1() {
	fmt.Println("before")
	gonbui.DisplayHTML("<b>one</b>")
	gonbui.UpdateHtml("bar", "half")
	gonbui.UpdateHtml("bar", "full")
	gonbui.Sync()
	gonbui.RequestInput("name?", false)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	fmt.Printf("%q %v\n", line, err)
}
`)
	shown := s.Shown()
	if len(shown) != 3 {
		t.Fatalf("shown %+v", shown)
	}
	if shown[0].Data["text/html"] != "<b>one</b>" || shown[0].ID != "" {
		t.Errorf("first %+v", shown[0])
	}
	if shown[1].ID != "bar" || shown[1].Update || shown[2].ID != "bar" || !shown[2].Update || shown[2].Data["text/html"] != "full" {
		t.Errorf("display and update %+v", shown[1:])
	}
	if s.Stdout() != "before\n\"to name?\\n\" <nil>\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

// While the user thinks about the answer to a cell's own question, the cell waits for a line,
// which is no reason to ask again.
func TestGonbuisQuestionsAreAskedOnce(t *testing.T) {
	e, s := start(t)
	var mu sync.Mutex
	var prompts []string
	s.Answer = func(_ context.Context, prompt string) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		prompts = append(prompts, prompt)
		time.Sleep(300 * time.Millisecond) // a user types; the kernel looks whether the cell waits meanwhile
		return "to " + prompt, nil
	}
	run(t, e, s, 1, `package main

import "bufio"
import "fmt"
import "os"
import "github.com/janpfeifer/gonb/gonbui"

func Cell_1() {
	in := bufio.NewReader(os.Stdin)
	for _, prompt := range []string{"name?", "pin?"} {
		gonbui.RequestInput(prompt, prompt == "pin?")
		line, err := in.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
	}
}
`)
	if want := []string{"name?", "pin?"}; !slices.Equal(prompts, want) {
		t.Errorf("asked %q, not %q", prompts, want)
	}
	if want := "\"to name?\\n\" <nil>\n\"to pin?\\n\" <nil>\n"; s.Stdout() != want {
		t.Errorf("printed %q, not %q", s.Stdout(), want)
	}
}
