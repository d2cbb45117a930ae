package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"expvar"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"html/template"
	"image"
	"image/color"
	"image/png"
	"io"
	"iter"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
	"unique"
	"weak"
)

type account struct {
	Name    string            `json:"name" xml:"name,attr"`
	Balance float64           `json:"balance"`
	Tags    map[string]string `json:"tags,omitempty" xml:"-"`
	private int
}

func fib() iter.Seq[int] {
	return func(yield func(int) bool) {
		a, b := 0, 1
		for yield(a) {
			a, b = b, a+b
		}
	}
}

func main() {
	a := account{"ann", 12.5, map[string]string{"x": "y"}, 3}
	b, err := json.Marshal([]account{a, {Name: "bob"}})
	fmt.Println(string(b), err)
	var back []account
	fmt.Println(json.Unmarshal(b, &back), back)
	x, err := xml.Marshal(a)
	fmt.Println(string(x), err)
	var g bytes.Buffer
	gob.Register(a)
	var decoded any
	var in any = a
	fmt.Println(gob.NewEncoder(&g).Encode(&in), gob.NewDecoder(&g).Decode(&decoded), decoded)
	t := template.Must(template.New("t").Funcs(template.FuncMap{"up": strings.ToUpper}).Parse("{{range .}}<b>{{.Name | up}}</b>{{end}}\n"))
	fmt.Println(t.Execute(os.Stdout, back))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "hello %s", r.PathValue("name")) })
	s := httptest.NewTLSServer(mux)
	r, err := s.Client().Get(s.URL + "/hello/world")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(r.Body)
	fmt.Println(string(body), r.Proto)
	s.Close()
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		c, err := l.Accept()
		if err == nil {
			io.Copy(c, bufio.NewReader(c))
			c.Close()
		}
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	fmt.Fprintln(c, "echo")
	line, err2 := bufio.NewReader(c).ReadString('\n')
	fmt.Println(err, line, err2)
	out, err := exec.Command("echo", "from a process").Output()
	fmt.Println(string(out), err)
	db, err := sql.Open("none", "")
	fmt.Println(db, err)
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", "package x; func F(n int) string { return \"\" }", 0)
	conf := types.Config{}
	p, err2 := conf.Check("x", fset, []*ast.File{f}, nil)
	fmt.Println(err, p.Scope().Lookup("F"), err2)
	img := image.NewRGBA(image.Rect(0, 0, 10, 10))
	img.Set(3, 3, color.RGBA{255, 0, 0, 255})
	var pngText bytes.Buffer
	fmt.Println(png.Encode(&pngText, img), pngText.Len())
	fmt.Println(regexp.MustCompile(`(\w+)@(\w+)\.com`).ReplaceAllString("mail ann@example.com", "$2:$1"))
	first := []int{}
	for n := range fib() {
		if n > 100 {
			break
		}
		first = append(first, n)
	}
	next, stop := iter.Pull(fib())
	next()
	v, ok := next()
	stop()
	fmt.Println(first, v, ok, slices.Sorted(maps.Keys(map[string]int{"b": 1, "a": 2})))
	random := rand.New(rand.NewPCG(1, 2))
	fmt.Println(random.IntN(100), random.Perm(5), unique.Make("x") == unique.Make("x"), weak.Make(&a).Value() == &a)
	u, _ := url.Parse("http://x.y/z?q=1#f")
	fmt.Println(u.Query(), netip.MustParseAddr("10.1.2.3").Is4(), filepath.Join("a", "../b"))
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" {
			return slog.Attr{}
		}
		return a
	}})).Info("logged", "n", 3, "err", errors.New("e"))
	tw := tabwriter.NewWriter(os.Stdout, 0, 8, 1, ' ', 0)
	fmt.Fprintln(tw, "a\tb\tc")
	tw.Flush()
	people := []account{{Name: "z"}, {Name: "m"}}
	sort.Slice(people, func(i, k int) bool { return people[i].Name < people[k].Name })
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	fmt.Println(people[0].Name, ctx.Err(), expvar.NewInt("n").String())
	var once sync.Once
	var pool = sync.Pool{New: func() any { return new(account) }}
	once.Do(func() { pool.Put(pool.Get()) })
	fmt.Println(time.Date(2026, 2, 29, 0, 0, 0, 0, time.UTC).Format(time.RFC3339), time.Duration(90)*time.Second)
	fmt.Println(strings.Map(func(r rune) rune { return r + 1 }, "HAL"), complex(1, 2)*complex(0, 1))
}
