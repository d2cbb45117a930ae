package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	grob "github.com/MetalBlueberry/go-plotly/graph_objects"
	"github.com/MetalBlueberry/go-plotly/offline"
)

func main() {
	figure := &grob.Fig{
		Data: grob.Traces{
			&grob.Bar{Type: grob.TraceTypeBar, X: []string{"a", "b"}, Y: []float64{1, 2.5}, Name: "bars"},
			&grob.Scatter{Type: grob.TraceTypeScatter, X: []int{1, 2, 3}, Y: []int{4, 5, 6}, Mode: grob.ScatterModeLines},
		},
		Layout: &grob.Layout{Title: &grob.LayoutTitle{Text: "A figure"}},
	}
	text, err := json.MarshalIndent(figure, "", " ")
	fmt.Println(string(text), err)
	var back grob.Fig
	fmt.Println(json.Unmarshal(text, &back), len(back.Data))
	fmt.Printf("%T %T\n", back.Data[0], back.Data[1])
	dir, err := os.MkdirTemp("", "plotly")
	fmt.Println(err)
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "figure.html")
	offline.ToHtml(figure, file)
	page, err := os.ReadFile(file)
	fmt.Println(strings.Contains(string(page), "A figure"), err)
}
