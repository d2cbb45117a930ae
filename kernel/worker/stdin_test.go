package worker_test

import (
	"context"
	"strings"
	"testing"
)

func TestStdinAsksTheUser(t *testing.T) {
	e, s := start(t)
	s.Answer = func(context.Context, string) (string, error) { return "Ann", nil }
	run(t, e, s, 1, `package main

import "bufio"
import "fmt"
import "os"

func Cell_1() {
	in := bufio.NewReader(os.Stdin)
	for range 2 {
		line, err := in.ReadString('\n')
		fmt.Printf("%q %v\n", line, err)
	}
}
`)
	if s.Stdout() != "\"Ann\\n\" <nil>\n\"Ann\\n\" <nil>\n" {
		t.Errorf("printed %q", s.Stdout())
	}
}

func TestStdinEndsWhenNobodyAnswers(t *testing.T) {
	e, s := start(t)
	run(t, e, s, 1, "package main\n\nimport \"fmt\"\n\nfunc Cell_1() {\n\tvar n string\n\t_, err := fmt.Scanln(&n)\n\tfmt.Println(err)\n}\n")
	if !strings.Contains(s.Stdout(), "EOF") && !strings.Contains(s.Stdout(), "unexpected newline") || !strings.Contains(s.Noticed(), "nobody answers") {
		t.Errorf("printed %q and %q", s.Stdout(), s.Noticed())
	}
}
