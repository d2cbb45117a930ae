package table_test

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"locuslab/locuskit/table"
)

// digest tells tables apart by every bit of every value, without their text.
func digest(t testing.TB, tab table.Table) string {
	t.Helper()
	if err := tab.Err(); err != nil {
		return err.Error()
	}
	h := sha256.New()
	fmt.Fprintln(h, tab.Columns(), tab.Rows())
	buf := make([]byte, 0, 1<<16)
	for _, name := range tab.Columns() {
		fmt.Fprintln(h, kindOf(tab, name))
		for _, row := range tab.Select(name).All() {
			switch v := row.Value(name).(type) {
			case nil:
				buf = append(buf, 0)
			case int64:
				buf = binary.LittleEndian.AppendUint64(append(buf, 1), uint64(v))
			case float64:
				buf = binary.LittleEndian.AppendUint64(append(buf, 2), math.Float64bits(v))
			case string:
				buf = append(binary.LittleEndian.AppendUint64(append(buf, 3), uint64(len(v))), v...)
			case bool:
				buf = append(buf, 4)
				if v {
					buf = append(buf, 1)
				}
			}
			if len(buf) > cap(buf)-100 {
				h.Write(buf)
				buf = buf[:0]
			}
		}
		h.Write(buf)
		buf = buf[:0]
	}
	return string(h.Sum(nil))
}

// borderTable has rows of all kinds, a tenth of them null, and values that sums round.
func borderTable(t testing.TB, rows int) table.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(rows), 1))
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "key", Type: arrow.BinaryTypes.String}, {Name: "number", Type: arrow.PrimitiveTypes.Int64}, {Name: "real", Type: arrow.PrimitiveTypes.Float64},
		{Name: "flag", Type: arrow.FixedWidthTypes.Boolean}, {Name: "few", Type: arrow.PrimitiveTypes.Int64}, {Name: "distinct", Type: arrow.PrimitiveTypes.Int64},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	special := []float64{math.NaN(), math.Inf(1), math.Copysign(0, -1), 0}
	for i := range rows {
		key, number, real := b.Field(0).(*array.StringBuilder), b.Field(1).(*array.Int64Builder), b.Field(2).(*array.Float64Builder)
		switch r.IntN(10) {
		case 0:
			key.AppendNull()
			number.AppendNull()
			real.AppendNull()
			b.Field(3).AppendNull()
		default:
			key.Append(fmt.Sprint("K", int(r.ExpFloat64()*500)))
			number.Append(r.Int64() - 1<<62)
			if x := r.IntN(2000); x < len(special) {
				real.Append(special[x])
			} else {
				real.Append(r.NormFloat64() * 1e9)
			}
			b.Field(3).(*array.BooleanBuilder).Append(r.IntN(3) == 0)
		}
		few := r.Int64N(9)
		b.Field(4).(*array.Int64Builder).Append(few)
		b.Field(5).(*array.Int64Builder).Append(int64(i*7919) % int64(rows))
	}
	tab, err := table.FromRecord(b.NewRecordBatch())
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// TestEveryNumberOfWorkersGivesTheSame runs the operations on tables that end just before, at
// and behind the borders of chunks, whole and from the middle.
func TestEveryNumberOfWorkersGivesTheSame(t *testing.T) {
	const chunk = 1 << 17
	forms := map[string]func(t *testing.T, tab table.Table) string{
		"group": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.GroupBy("key").Agg(table.Sum("real"), table.Mean("number"), table.Std("real"), table.Count("flag"), table.Min("key").As("low"),
				table.Max("real"), table.Median("real"), table.NUnique("number"), table.Min("flag"), table.Sum("few")))
		},
		"two keys": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.GroupBy("few", "key").Agg(table.Sum("real")))
		},
		"three keys": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.GroupBy("flag", "number", "few").Agg(table.Mean("real")))
		},
		"many": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.GroupBy("distinct").Agg(table.Sum("real"), table.Count("key")))
		},
		"reals": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.GroupBy("real").Agg(table.Count("few")))
		},
		"sort":     func(t *testing.T, tab table.Table) string { return digest(t, tab.Sort("-key", "few", "-real")) },
		"sort one": func(t *testing.T, tab table.Table) string { return digest(t, tab.Sort("-few")) },
		"where":    func(t *testing.T, tab table.Table) string { return digest(t, tab.Where("real", "<=", 0.0)) },
		"in": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.WhereIn("key", "K1", "K7", "none"))
		},
		"filter": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.Filter(func(r table.Row) bool { return r.IsNull("key") || r.Bool("flag") }))
		},
		"unique": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.Unique("key")) + digest(t, tab.Unique("real")) + digest(t, tab.Unique("flag"))
		},
		"describe": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.Describe()) + digest(t, tab.Means())
		},
		"join": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.LeftJoin(tab.GroupSum("key", "few").Head(300), "key"))
		},
		"join of many": func(t *testing.T, tab table.Table) string {
			return digest(t, tab.Join(tab.Select("distinct", "key").Head(9).Rename("key", "few"), "distinct")) + digest(t, tab.Select("real", "few").Join(tab.Select("real", "flag").Head(200), "real"))
		},
		"figures": func(t *testing.T, tab table.Table) (s string) {
			for _, name := range []string{"number", "real", "few"} {
				q, err := tab.Quantile(name, 0.995)
				m, err2 := tab.Mean(name)
				n, err3 := tab.NUnique(name)
				s += fmt.Sprintln(math.Float64bits(q), math.Float64bits(m), n, err, err2, err3)
			}
			return s
		},
	}
	for i, rows := range []int{0, 1, chunk / 2, chunk - 1, chunk + 1} {
		from := 3 * (i % 2)
		tab := borderTable(t, rows+3).Slice(from, from+rows)
		for name, form := range forms {
			want := form(t, tab.Sequential())
			for _, workers := range []table.Workers{1, 2, 3, 7, 64} {
				if form(t, tab.Parallel(workers)) != want {
					t.Errorf("%s of %d rows from row %d: %d workers give another result than the sequential form", name, rows, from, workers)
				}
			}
		}
	}
}

// TestStreamsOfEveryNumberOfWorkersGiveTheSame also compares what is exact with the table's own.
func TestStreamsOfEveryNumberOfWorkersGiveTheSame(t *testing.T) {
	dir := t.TempDir()
	csv, parquet := filepath.Join(dir, "t.csv"), filepath.Join(dir, "t.parquet")
	for _, rows := range []int{0, 1, 300_000} {
		tab := borderTable(t, rows)
		if err := tab.SaveCSV(t.Context(), csv); err != nil {
			t.Fatal(err)
		}
		if err := tab.SaveParquet(t.Context(), parquet); err != nil {
			t.Fatal(err)
		}
		kinds := table.Kinds{"key": table.String, "number": table.Int, "real": table.Float, "flag": table.Bool, "few": table.Int}
		exact := []table.Aggregate{table.Sum("few"), table.Mean("number"), table.Count("flag"), table.Min("flag"), table.Max("flag").As("yes"), table.Min("key").As("low"), table.Max("real"), table.Min("number")}
		for _, keys := range [][]string{{"few"}, {"flag", "key"}} {
			want := digest(t, tab.GroupBy(keys...).Agg(exact...))
			for name, s := range map[string]table.Stream{"CSV": table.ScanCSV(csv, kinds), "Parquet": table.ScanParquet(parquet)} {
				rounded := ""
				for _, workers := range []table.Workers{1, 3, 64} {
					got, err := s.Parallel(workers).GroupBy(keys...).Agg(t.Context(), exact...)
					if err != nil {
						t.Fatal(err)
					}
					if digest(t, got) != want {
						t.Errorf("%s of %d rows by %v with %d workers:\n%v\nthe table gives\n%v", name, rows, keys, workers, got, tab.GroupBy(keys...).Agg(exact...))
					}
					got, err = s.Parallel(workers).GroupBy(keys...).Agg(t.Context(), table.Sum("real"), table.Std("number"), table.Mean("real"))
					if err != nil {
						t.Fatal(err)
					}
					if d := digest(t, got); rounded == "" {
						rounded = d
					} else if d != rounded {
						t.Errorf("%s of %d rows by %v: %d workers give another result than one", name, rows, keys, workers)
					}
				}
			}
		}
	}
}
