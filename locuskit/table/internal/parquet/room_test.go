package parquet

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/table/internal/exec"
	"locuslab/locuskit/table/internal/reading"
)

// TestARoomKeepsNothing reads row groups one after the other into one room, larger and smaller ones, with nulls, with nulls
// alone and without, with a dictionary and without, and compares each with what is read into a new room.
func TestARoomKeepsNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 8))
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "int", Type: arrow.PrimitiveTypes.Int64, Nullable: true}, {Name: "float", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		{Name: "few", Type: arrow.BinaryTypes.String, Nullable: true}, {Name: "many", Type: arrow.BinaryTypes.String, Nullable: true},
	}, nil)
	path := filepath.Join(t.TempDir(), "groups.parquet")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := pqarrow.NewFileWriter(schema, out, parquet.NewWriterProperties(parquet.WithDictionaryPageSizeLimit(4096)), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	const groups = 24
	for g := range groups {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
		for range []int{5000, 0, 3000, 7000, 1, 7000}[g%6] {
			for k, add := range []func(){
				func() { b.Field(0).(*array.Int64Builder).Append(r.Int64()) },
				func() { b.Field(1).(*array.Float64Builder).Append(r.Float64()) },
				func() { b.Field(2).(*array.StringBuilder).Append(fmt.Sprint(r.IntN(50))) },
				func() { b.Field(3).(*array.StringBuilder).Append(fmt.Sprint(r.Int64())) },
			} {
				if nulls := (g + k) % 4; nulls == 3 || nulls == 2 && r.IntN(3) == 0 {
					b.Field(k).AppendNull()
				} else {
					add()
				}
			}
		}
		if err := w.Write(b.NewRecordBatch()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(reading.Options{}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rooms := NewRooms(1, f.In.NumRowGroups())
	for g := range f.In.NumRowGroups() {
		got, err := f.Group(exec.Run{}, g, rooms.Take(g))
		if err != nil {
			t.Fatal(err)
		}
		want, err := f.Group(exec.Run{}, g, NewRooms(1, g+1).Take(g))
		if err != nil {
			t.Fatal(err)
		}
		for k, c := range want {
			if got[k].N != c.N {
				t.Fatalf("row group %d, column %s: %d rows, want %d", g, c.Name, got[k].N, c.N)
			}
			for i := range c.N {
				if a, b := got[k].Value(i), c.Value(i); a != b {
					t.Fatalf("row group %d, column %s, row %d: %v, want %v", g, c.Name, i, a, b)
				}
			}
		}
		rooms.GiveBack(g)
	}
}
