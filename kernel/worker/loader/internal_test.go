package loader

import (
	"testing"
)

func TestRenamer(t *testing.T) {
	r := &renamer{map[string]string{"T_7": "T", "f_7": "f", "größe_3": "größe"}}
	for symbol, want := range map[string]string{
		"main.f_7":                            "main.f",
		"main.f_7.func1":                      "main.f.func1",
		"main.(*T_7).M":                       "main.(*T).M",
		"main.Map[go.shape.int,main.T_7]":     "main.Map[...]",
		"main.T_71":                           "main.T_71",
		"main.xT_7":                           "main.xT_7",
		"main.größe_3":                        "main.größe",
		"example.com/p.T_7":                   "example.com/p.T_7",
		"slices.SortFunc[main.T_7]":           "slices.SortFunc[...]",
		"sync.(*Pool).Get":                    "sync.(*Pool).Get",
		"type:.eq.struct { main.X main.T_7 }": "type:.eq.struct { main.X main.T }",
	} {
		if got := r.function(symbol); got != want {
			t.Errorf("%s reads %s, want %s", symbol, got, want)
		}
	}
}

func TestMentionsLocal(t *testing.T) {
	for name, want := range map[string]bool{
		"type:main.local·1":                        true,
		"type:map[string][]*main.local·12":         true,
		"go:itab.*main.local·1,fmt.Stringer":       true,
		"type:example.com/p.local·1[main.local·2]": true,
		"main.f·f":                           true,
		"type:example.com/p.local·1[main.T]": false,
		"type:example.com/main.local·1":      false,
		"type:domain.local·1":                false,
		"type:main.T[int]·1":                 true,
		"type:main.T[map[string][]int]·1":    true,
		"type:[]p.T[int]·1":                  false,
		"type:main.T·f#1":                    false,
		"type:main.T[main.U·2]·f#1":          true,
		"fmt.Println·f":                      false,
		"type:main.T":                        false,
		"gclocals·g5+hNtRBP6YXNjfog7aZjQ==":  false,
	} {
		if mentionsLocal(name) != want {
			t.Errorf("%s mentions what a function of a cell declares: %v", name, !want)
		}
	}
}

func TestFrameSizes(t *testing.T) {
	// 0 for two units, then 40, then 0 again, as a function's table says it.
	frames := frameSizes([]byte{2, 2, 80, 9, 79, 1, 0})
	want := []frame{{2 * instructionUnit, 0}, {11 * instructionUnit, 40}, {12 * instructionUnit, 0}}
	if len(frames) != 3 || frames[0] != want[0] || frames[1] != want[1] || frames[2] != want[2] {
		t.Errorf("%v, want %v", frames, want)
	}
	if frames := frameSizes([]byte{0x80}); len(frames) != 0 {
		t.Errorf("a table that breaks off: %v", frames)
	}
}

func TestSymbolPrefix(t *testing.T) {
	for path, want := range map[string]string{
		"fmt": "fmt", "gopkg.in/yaml.v3": "gopkg.in/yaml%2ev3", "example.com/a.b/c": "example.com/a.b/c", "example.com/ü": "example.com/%c3%bc", "a%b": "a%25b",
	} {
		if got := symbolPrefix(path); got != want {
			t.Errorf("%s is spelled %s, want %s", path, got, want)
		}
	}
}
