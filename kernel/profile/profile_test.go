package profile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/pprof/profile"
)

// sampled is a profile of one sample, of the calls from the innermost outwards.
func sampled(t *testing.T, label string, values []int64, calls ...string) *Profile {
	t.Helper()
	p := &profile.Profile{SampleType: []*profile.ValueType{{Type: "n", Unit: "count"}, {Type: "v", Unit: "x"}}}
	s := &profile.Sample{Value: values, Label: map[string][]string{label: {"1"}}}
	for i, c := range calls {
		f := &profile.Function{ID: uint64(i + 1), Name: c, Filename: c + ".go"}
		l := &profile.Location{ID: uint64(i + 1), Line: []profile.Line{{Function: f, Line: 7}}}
		p.Function, p.Location, s.Location = append(p.Function, f), append(p.Location, l), append(s.Location, l)
	}
	p.Sample = []*profile.Sample{s}
	var w bytes.Buffer
	if err := p.Write(&w); err != nil {
		t.Fatal(err)
	}
	read, err := Read(&w)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestFlame(t *testing.T) {
	name := func(f Frame) Name { return Name{Text: f.Func, Own: true, Drop: f.Func == "host"} }
	p := sampled(t, "cell", []int64{1, 2e9}, "leaf", "cell", "host", "outer")
	picture := p.Flame("title", "cell", name).SVG()
	if !strings.Contains(picture, ">leaf<") || !strings.Contains(picture, ">cell<") || strings.Contains(picture, "outer") || !strings.Contains(picture, "2 s of CPU time") {
		t.Error(picture)
	}
	if text := p.Flame("title", "other", name).String(); !strings.Contains(text, "too little CPU time") {
		t.Error(text)
	}
}

func TestAllocations(t *testing.T) {
	own := func(f Frame) bool { return f.Func == "cell" }
	before, after := sampled(t, "x", []int64{2, 100}, "append", "cell"), sampled(t, "x", []int64{5, 400}, "append", "cell", "outer")
	list := after.Allocations(before, own)
	if len(list) != 1 || list[0].Bytes != 300 || list[0].Objects != 3 || list[0].Frame.Func != "cell" || list[0].Frame.Line != 7 {
		t.Errorf("%+v", list)
	}
	if list := after.Allocations(after, own); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

func TestReadOfNoProfile(t *testing.T) {
	if _, err := Read(strings.NewReader("nothing")); err == nil {
		t.Error("no error")
	}
}
