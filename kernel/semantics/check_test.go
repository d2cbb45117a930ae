package semantics_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/display"
	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

func checkStatus(t *testing.T, c programCell, o *client.Outcome) bool {
	t.Helper()
	wants := c.want("err")
	text := kerneltest.FailureText(o)
	switch {
	case c.anyStatus:
		return true
	case len(wants) == 0 && o.Status != "ok":
		t.Errorf("the cell failed:\n%s", text)
		return false
	case len(wants) > 0 && o.Status != "error":
		t.Errorf("the cell succeeded, line %d expects it to fail with %q; stdout:\n%s", wants[0].line, wants[0].text, cut(o.Stream("stdout")))
		return false
	}
	good := true
	for _, w := range wants {
		for pattern := range strings.Lines(w.text) {
			pattern = strings.TrimSuffix(pattern, "\n")
			if !matches(t, w, pattern, text) {
				t.Errorf("line %d: the error does not match %q:\n%s", w.line, pattern, text)
				good = false
			}
		}
	}
	return good
}

func checkStreams(t *testing.T, c programCell, o *client.Outcome) bool {
	t.Helper()
	for _, kind := range []string{"out", "errout", "note"} {
		if len(c.want(kind)) == 0 && !c.anyStatus && (kind != "out" || !c.anyOut) {
			c.wants = append(c.wants, expectation{line: c.line, kind: kind, how: "exact"})
		}
	}
	good := true
	for _, w := range c.wants {
		switch w.kind {
		case "out":
			good = check(t, w, o.Stream("stdout")) && good
		case "errout":
			good = check(t, w, o.Stream("stderr")) && good
		case "note":
			good = check(t, w, strings.Join(notices(o), "\n")) && good
		}
	}
	return good
}

func checkResult(t *testing.T, c programCell, o *client.Outcome) bool {
	t.Helper()
	wants := c.want("result")
	if got := o.Result("text/plain"); len(wants) == 0 && got != "" && !c.anyStatus {
		t.Errorf("the cell showed a result, none is expected: %s", cut(got))
		return false
	}
	good := true
	for _, w := range wants {
		good = check(t, w, o.Result(w.mime)) && good
	}
	return good
}

func checkDisplays(t *testing.T, c programCell, o *client.Outcome) bool {
	t.Helper()
	var shown []map[string]any
	for _, m := range o.Messages {
		if d, ok := displayed(m); ok && d.Metadata[display.NoticeKey] == nil {
			shown = append(shown, d.Data)
		}
	}
	wants := c.want("display")
	if len(shown) < len(wants) || len(shown) > len(wants) && !c.anyStatus && len(c.want("said")) == 0 {
		t.Errorf("%d displays, %d expected: %s", len(shown), len(wants), cut(fmt.Sprint(shown)))
		return false
	}
	good := true
	for i, w := range wants {
		text, _ := shown[i][w.mime].(string)
		good = check(t, w, text) && good
	}
	return good
}

// displayed is the content of a message that displays something.
func displayed(m wire.Message) (content struct{ Data, Metadata map[string]any }, ok bool) {
	if m.Type != "display_data" && m.Type != "update_display_data" {
		return content, false
	}
	return content, m.Decode(&content) == nil
}

// notices are what the kernel told of a cell, as far as it is still to be seen in the end.
func notices(o *client.Outcome) (texts []string) {
	for _, m := range o.Visible() {
		if d, ok := displayed(m); ok && d.Metadata[display.NoticeKey] != nil {
			texts = append(texts, fmt.Sprint(d.Data["text/plain"]))
		}
	}
	return texts
}

// check compares a text with what is expected of it.
func check(t *testing.T, w expectation, got string) bool {
	t.Helper()
	want := strings.TrimSuffix(w.text, "\n")
	got = strings.TrimSuffix(got, "\n")
	good := true
	switch w.how {
	case "exact":
		good = got == want
	case "regexp":
		good = matches(t, w, `^(?s:`+want+`)$`, got)
	case "contains":
		for part := range strings.Lines(want) {
			good = good && strings.Contains(got, strings.TrimSuffix(part, "\n"))
		}
	}
	if !good {
		t.Errorf("line %d: %s %s is\n%s\n-- expected (%s) --\n%s", w.line, w.kind, w.mime, cut(got), w.how, cut(want))
	}
	return good
}

func matches(t *testing.T, w expectation, pattern, text string) bool {
	t.Helper()
	re, err := regexp.Compile(pattern)
	if err != nil {
		t.Fatalf("line %d: %v", w.line, err)
	}
	return re.MatchString(text)
}

// A transcript is everything that a kernel has shown, whichever cell caused it.
type transcript struct {
	mu    sync.Mutex
	all   strings.Builder
	grown chan struct{}
}

func (h *transcript) hear(m wire.Message) {
	if m.Type == "execute_input" {
		return
	}
	h.mu.Lock()
	var content struct {
		Text, EName, EValue string
		Traceback           []string
		Data                map[string]any
	}
	if m.Decode(&content) == nil {
		fmt.Fprint(&h.all, content.Text, content.EName, " ", content.EValue, "\n", strings.Join(content.Traceback, "\n"))
		for _, v := range content.Data {
			fmt.Fprintln(&h.all, v)
		}
	}
	h.mu.Unlock()
	select {
	case h.grown <- struct{}{}:
	default:
	}
}

func (h *transcript) text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return display.Plain(h.all.String())
}

// await waits until something was shown that matches.
func (h *transcript) await(ctx context.Context, t *testing.T, w expectation, pattern string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for !matches(t, w, pattern, h.text()) {
		select {
		case <-h.grown:
		case <-ctx.Done():
			t.Errorf("line %d: nothing that was shown matches %q:\n%s", w.line, pattern, cut(h.text()))
			return false
		}
	}
	return true
}

// cut shortens a text for a message.
func cut(s string) string {
	const most = 2000
	if len(s) > most {
		return s[:most/2] + "\n…\n" + s[len(s)-most/2:]
	}
	return s
}
