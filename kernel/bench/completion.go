package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"locuslab/kernel/jupyter/client"
)

// A question is what a user asks while typing: what may stand at the cursor, or what the
// name there is. It is asked of a kernel in a cell behind others, and of gopls in a file
// that has the same declarations, its text changed before each as a key changes it.
type question struct {
	name   string
	line   string // with | for the cursor
	want   string // what the answer has to say
	detail bool   // of documentation
}

var questions = []question{
	{name: "member of a package", line: "x%d := strings.Rep|", want: "Repeat"},
	{name: "member of a large package", line: "x%d := http.|", want: "StatusOK"},
	{name: "method of a variable", line: "x%d := client.|", want: "Timeout"},
	{name: "field of an own type", line: "x%d := home.st|", want: "street"},
	{name: "field in a literal", line: "x%d := address{str|", want: "street"},
	{name: "own function", line: "x%d := mov|", want: "move"},
	{name: "documentation of a function", line: "x%d := strings.Rep|eat", want: "consisting of", detail: true},
	{name: "documentation of a method", line: "x%d := client.G|et", want: "issues a GET", detail: true},
	{name: "documentation of an own function", line: "x%d := mo|ve", want: "other street", detail: true},
}

// typedBefore are the declarations that the questions are about; statements follow them.
const typedBefore = `type address struct {
	street string
	number int
}

// move returns an address in the other street.
func move(a address, to string) address { return address{to, a.number} }

var home = address{"Main Street", 5}

var client = &http.Client{Timeout: 5}
`

// completion times what is asked while a user types, of locuslab and of gopls itself, which
// gonb asks.
func completion(ctx context.Context, o options, kernels []kernel) error {
	var own, gonb *kernel
	for i := range kernels {
		switch kernels[i].name {
		case "locuslab":
			own = &kernels[i]
		case "gonb":
			gonb = &kernels[i]
		}
	}
	if own == nil || gonb == nil {
		return fmt.Errorf("the kernels locuslab and gonb are needed, whose gopls is asked")
	}
	progress("completion: locuslab …")
	ours, err := timeKernel(ctx, *own, o.cells)
	if err != nil {
		return fmt.Errorf("locuslab: %w", err)
	}
	progress("completion: gopls …")
	theirs, err := timeGopls(ctx, *gonb, o.cells)
	if err != nil {
		return fmt.Errorf("gopls: %w", err)
	}
	fmt.Printf("### What is asked while one types, median of %d, ms\n\n", o.cells)
	var rows [][]string
	for i, q := range questions {
		a, b := quantile(ours[i], 0.5), quantile(theirs[i], 0.5)
		rows = append(rows, []string{q.name, milliseconds(a), milliseconds(quantile(ours[i], 0.95)), milliseconds(b), milliseconds(quantile(theirs[i], 0.95)), ratio(b, a)})
	}
	printTable([]string{"asked", "locuslab median", "p95", "gopls median", "p95", "gopls / locuslab"}, rows)
	return nil
}

// cursor is the question's line with a number in it, and where the cursor stands. All is ASCII.
func (q question) cursor(i int) (line string, at int) {
	line = fmt.Sprintf(q.line, i)
	at = strings.Index(line, "|")
	return line[:at] + line[at+1:], at
}

// timeKernel asks a kernel each question n times, after once that is not counted.
func timeKernel(ctx context.Context, k kernel, n int) ([][]time.Duration, error) {
	running, err := k.start(ctx)
	if err != nil {
		return nil, err
	}
	defer running.Close()
	if _, _, err := execute(ctx, running, "import (\n\t\"net/http\"\n\t\"strings\"\n)\n"+typedBefore+"\n_ = strings.Repeat"); err != nil {
		return nil, err
	}
	return timeEach(n, func(q question, i int) (string, error) {
		line, at := q.cursor(i)
		return askKernel(ctx, running, q, line, at)
	})
}

func askKernel(ctx context.Context, k *client.Kernel, q question, line string, at int) (string, error) {
	if q.detail {
		answer, err := k.Inspect(ctx, line, at, 0)
		return fmt.Sprint(answer.Data["text/plain"]), err
	}
	answer, err := k.Complete(ctx, line, at)
	return strings.Join(answer.Matches, " "), err
}

// timeGopls does the same with the gopls that a kernel finds on its path.
func timeGopls(ctx context.Context, k kernel, n int) ([][]time.Duration, error) {
	dir, err := os.MkdirTemp("", "bench-gopls-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	const head = "package main\n\nimport (\n\t\"net/http\"\n\t\"strings\"\n)\n\n" + typedBefore + "\nfunc main() {\n\t_ = strings.Repeat\n"
	text := func(line string) string { return head + "\t" + line + "\n}\n" }
	for name, content := range map[string]string{"go.mod": "module bench\n\ngo 1.25\n", "main.go": text("")} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			return nil, err
		}
	}
	program := filepath.Join(filepath.SplitList(k.spec.Env["PATH"])[0], "gopls")
	g, err := startGopls(ctx, program, dir, "main.go", text(""))
	if err != nil {
		return nil, err
	}
	defer g.close()
	row := strings.Count(head, "\n")
	return timeEach(n, func(q question, i int) (string, error) {
		line, at := q.cursor(i)
		if err := g.change(text(line)); err != nil {
			return "", err
		}
		method := "textDocument/completion"
		if q.detail {
			method = "textDocument/hover"
		}
		var answer json.RawMessage
		err := g.ask(ctx, method, row, at+1, &answer) // behind the tab
		return string(answer), err
	})
}

// timeEach asks each question n times, after once that is not counted, and checks the answers.
func timeEach(n int, ask func(q question, i int) (string, error)) ([][]time.Duration, error) {
	times := make([][]time.Duration, len(questions))
	for j, q := range questions {
		for i := range n + 1 {
			began := time.Now()
			answer, err := ask(q, i)
			took := time.Since(began)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", q.name, err)
			}
			if !strings.Contains(answer, q.want) {
				return nil, fmt.Errorf("%s: the answer lacks %q:\n%s", q.name, q.want, answer)
			}
			if i > 0 {
				times[j] = append(times[j], took)
			}
		}
	}
	return times, nil
}
