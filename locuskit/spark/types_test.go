package spark_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"locuslab/locuskit/spark"
	"locuslab/locuskit/table"
)

// The columns of typesFile that can be used, and what Spark calls those that cannot.
var (
	usable   = []string{"id", "small", "byte", "unsigned", "share", "single", "name", "flag"}
	unusable = map[string]string{
		"date": "date", "at": "timestamp", "local": "timestamp_ntz", "price": "decimal(10,2)", "long price": "decimal(30,5)",
		"unsigned long": "decimal(20,0)", "tags": "array", "pairs": "map", "place": "struct", "raw": "binary", "folded": "string collate UTF8_LCASE",
	}
)

const typesRows = 300

// typesFile has a column of each type that Parquet and Spark know, with nulls.
func typesFile(t *testing.T) string {
	t.Helper()
	list, pairs := arrow.ListOf(arrow.BinaryTypes.String), arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64)
	place := arrow.StructOf(arrow.Field{Name: "x", Type: arrow.PrimitiveTypes.Int64, Nullable: true})
	fields := []arrow.Field{
		{Name: "date", Type: arrow.FixedWidthTypes.Date32},
		{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "small", Type: arrow.PrimitiveTypes.Int16}, {Name: "byte", Type: arrow.PrimitiveTypes.Int8},
		{Name: "tags", Type: list},
		{Name: "unsigned", Type: arrow.PrimitiveTypes.Uint32}, {Name: "unsigned long", Type: arrow.PrimitiveTypes.Uint64},
		{Name: "at", Type: &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}}, {Name: "local", Type: &arrow.TimestampType{Unit: arrow.Microsecond}},
		{Name: "share", Type: arrow.PrimitiveTypes.Float64}, {Name: "single", Type: arrow.PrimitiveTypes.Float32},
		{Name: "price", Type: &arrow.Decimal128Type{Precision: 10, Scale: 2}}, {Name: "long price", Type: &arrow.Decimal128Type{Precision: 30, Scale: 5}},
		{Name: "pairs", Type: pairs}, {Name: "place", Type: place},
		{Name: "name", Type: arrow.BinaryTypes.String}, {Name: "folded", Type: arrow.BinaryTypes.String}, {Name: "raw", Type: arrow.BinaryTypes.Binary},
		{Name: "flag", Type: arrow.FixedWidthTypes.Boolean},
	}
	if len(fields) != len(usable)+len(unusable) {
		t.Fatalf("%d columns", len(fields))
	}
	for i := range fields {
		fields[i].Nullable = true
	}
	schema := arrow.NewSchema(fields, nil)
	rows := make([]string, typesRows)
	for i := range rows {
		values := []string{}
		add := func(name, value string) {
			if (i+len(name))%7 == 0 {
				value = "null"
			}
			values = append(values, fmt.Sprintf("%q:%s", name, value))
		}
		day := fmt.Sprintf("2020-%02d-%02d", i%12+1, i%28+1)
		add("date", `"`+day+`"`)
		add("id", fmt.Sprint((int64(i)-150)<<40))
		add("small", fmt.Sprint(i*100-15000))
		add("byte", fmt.Sprint(i%200-100))
		add("tags", fmt.Sprintf(`["a%d","b"]`, i%3))
		add("unsigned", fmt.Sprint(uint32(i)*14_000_000))
		add("unsigned long", fmt.Sprint(uint64(i)<<56))
		add("at", fmt.Sprint(1_577_880_000_000_000+int64(i)*86_400_000_000))
		add("local", fmt.Sprint(1_577_880_000_000_000+int64(i)*3_600_000_000))
		add("share", fmt.Sprint(float64(i%50)/4))
		add("single", fmt.Sprint(float64(i%50)/8))
		add("price", fmt.Sprintf(`"%d.25"`, i))
		add("long price", fmt.Sprintf(`"1234567890123456789%d.00001"`, i))
		add("pairs", fmt.Sprintf(`[{"key":"k","value":%d}]`, i))
		add("place", fmt.Sprintf(`{"x":%d}`, i))
		add("name", fmt.Sprintf(`"name %d"`, i%20))
		add("folded", fmt.Sprintf(`"%s"`, []string{"a", "A", "b", "B"}[i%4]))
		add("raw", `"AAEC"`)
		add("flag", fmt.Sprint(i%3 == 0))
		rows[i] = "{" + strings.Join(values, ",") + "}"
	}
	batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader("["+strings.Join(rows, ",")+"]"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "types.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pqarrow.NewFileWriter(schema, f, parquet.NewWriterProperties(), pqarrow.NewArrowWriterProperties())
	if err != nil {
		t.Fatal(err)
	}
	// Spark notes its own schema in a file, and in it how texts are compared.
	var noted []string
	sparks := map[string]string{"id": `"long"`, "small": `"short"`, "byte": `"byte"`, "unsigned": `"long"`, "share": `"double"`, "single": `"float"`, "name": `"string"`,
		"flag": `"boolean"`, "date": `"date"`, "at": `"timestamp"`, "local": `"timestamp_ntz"`, "price": `"decimal(10,2)"`, "long price": `"decimal(30,5)"`,
		"unsigned long": `"decimal(20,0)"`, "raw": `"binary"`, "folded": `"string"`,
		"tags":  `{"type":"array","elementType":"string","containsNull":true}`,
		"pairs": `{"type":"map","keyType":"string","valueType":"long","valueContainsNull":true}`,
		"place": `{"type":"struct","fields":[{"name":"x","type":"long","nullable":true,"metadata":{}}]}`}
	for _, f := range fields {
		metadata := "{}"
		if f.Name == "folded" {
			metadata = `{"__COLLATIONS":{"folded":"spark.UTF8_LCASE"}}`
		}
		noted = append(noted, fmt.Sprintf(`{"name":%q,"type":%s,"nullable":true,"metadata":%s}`, f.Name, sparks[f.Name], metadata))
	}
	err = out.AppendKeyValueMetadata("org.apache.spark.sql.parquet.row.metadata", `{"type":"struct","fields":[`+strings.Join(noted, ",")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// operations are all that can be asked of a column.
func operations(f spark.Frame, other spark.Frame, name string) map[string]func(context.Context) (any, error) {
	rows := func(f spark.Frame) func(context.Context) (any, error) {
		return func(ctx context.Context) (any, error) { return f.Table(ctx) }
	}
	all := map[string]func(context.Context) (any, error){
		"select": rows(f.Select("id", name)), "sort": rows(f.Sort(name).Select("id")), "sort down": rows(f.Sort("-" + name).Select("id")),
		"where": rows(f.Where(name, "==", "2020-01-01").Select("id")), "where 1": rows(f.Where(name, ">", 1).Select("id")),
		"where in": rows(f.WhereIn(name, "a").Select("id")), "null": rows(f.WhereNull(name).Select("id")), "not null": rows(f.WhereNotNull(name).Select("id")),
		"join": rows(f.Join(other, name).Select("id")), "join as": rows(f.Join(other, name+"=name").Select("id")),
		"join of": rows(other.Join(f, "name="+name).Select("name")), "semi": rows(f.SemiJoin(f, name).Select("id")),
		"anti": rows(f.AntiJoin(f, name).Select("id")), "outer": rows(f.OuterJoin(f.Select("id", name), name).Select("id")),
		"quantile":  func(ctx context.Context) (any, error) { return f.Quantile(ctx, name, 0.5) },
		"mean":      func(ctx context.Context) (any, error) { return f.Mean(ctx, name) },
		"distinct":  func(ctx context.Context) (any, error) { return f.NUnique(ctx, name) },
		"group sum": func(ctx context.Context) (any, error) { return f.GroupSum(ctx, "name", name) },
		"group by":  func(ctx context.Context) (any, error) { return f.GroupBy("name", name).Agg(ctx, table.Count("id")) },
	}
	for op, a := range map[string]table.Aggregate{"count": table.Count(name), "sum of": table.Sum(name), "mean of": table.Mean(name), "min": table.Min(name), "max": table.Max(name),
		"std": table.Std(name), "distinct of": table.NUnique(name), "median of": table.Median(name)} {
		all[op] = func(ctx context.Context) (any, error) { return f.GroupBy("name").Agg(ctx, a) }
	}
	return all
}

// TestTypesThatCannotBeUsed: a column of another type is refused by its name and type, in each operation, and does not disturb others.
func TestTypesThatCannotBeUsed(t *testing.T) {
	c := connect(t)
	path := typesFile(t)
	times, err := table.New([]string{"id", "name", "when"}, []int64{1, 2}, []string{"a", "b"}, []string{"2020-01-01", "2021-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	times = times.Cast("when", table.Timestamp)
	file, memory := c.ScanParquet(path), c.FromTable(times)
	check := func(f, other spark.Frame, name, holds string) {
		all := operations(f, other, name)
		asked := slices.Sorted(maps.Keys(all))
		if name != "date" && name != "when" { // they are refused in one place, so that a few do for the others
			asked = some(rand.New(rand.NewPCG(uint64(len(name)), 1)), 4, asked)
		}
		for _, op := range asked {
			ask := all[op]
			got, err := ask(t.Context())
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q holds", name)) || !strings.Contains(err.Error(), holds) {
				t.Errorf("%s of %q, which holds %s: %v, error %v", op, name, holds, got, err)
			}
		}
	}
	for name, sparks := range unusable {
		check(file, file.Select(usable...).Sort("id"), name, "Spark's type "+sparks)
	}
	check(memory, memory.Select("id", "name"), "when", "time values")
	for source, f := range map[string]spark.Frame{"file": file, "memory": memory} {
		if got, err := f.Table(t.Context()); err == nil || !strings.Contains(err.Error(), "Select the others") {
			t.Errorf("%s: all columns: %v, error %v", source, got, err)
		}
	}
	if got, err := memory.Select("id", "name").Table(t.Context()); err != nil || got.String() != times.Select("id", "name").String() {
		t.Errorf("the others: %v, error %v", got, err)
	}
	if n, err := file.Rows(t.Context()); err != nil || n != typesRows {
		t.Errorf("%d rows, error %v", n, err)
	}
}

// TestTypesThatCanBeUsed holds the columns beside them to what package table makes of the same file.
func TestTypesThatCanBeUsed(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	path := typesFile(t)
	tab, err := table.ReadParquet(ctx, path, table.Only(usable...))
	if err != nil {
		t.Fatal(err)
	}
	f := c.ScanParquet(path).Select(tab.Columns()...)
	got, err := f.Table(ctx)
	compare(t, "all", got, err, tab)
	var aggregates []table.Aggregate
	for _, name := range usable {
		aggregates = append(aggregates, table.Count(name).As("n of "+name), table.Min(name).As("least "+name), table.Max(name).As("most "+name), table.NUnique(name).As("distinct "+name))
	}
	got, err = f.GroupBy("flag").Agg(ctx, aggregates...)
	compare(t, "figures by flag", got, err, tab.GroupBy("flag").Agg(aggregates...))
	for _, name := range []string{"byte", "single"} {
		got, err = f.GroupBy(name, "flag").Agg(ctx, table.Count("id"))
		compare(t, "group by "+name, got, err, tab.GroupBy(name, "flag").Agg(table.Count("id")))
	}
	for _, name := range []string{"unsigned", "flag"} {
		right := tab.Head(40).Select(name, "id").Rename("id", "other id")
		got, err = f.Join(c.FromTable(right), name).Sort("-single", "flag").Table(ctx)
		compare(t, "join on "+name, got, err, tab.Join(right, name).Sort("-single", "flag"))
	}
	got, err = f.WhereNull("single").Table(ctx)
	compare(t, "nulls", got, err, tab.WhereNull("single"))
	for _, name := range []string{"flag", "name"} { // neither can add these
		_, err := f.GroupSum(ctx, "id", name)
		if want := tab.GroupSum("id", name).Err(); err == nil || want == nil {
			t.Errorf("sum of %s: %v, package table says %v", name, err, want)
		}
	}
	got, err = f.Where("flag", "==", true).Where("flag", "!=", false).Table(ctx)
	compare(t, "where flag", got, err, tab.Where("flag", "==", true).Where("flag", "!=", false))
}

// TestNamesOfFolders: what a folder's name says of a column is a text, so that 02116 does not become 2116 nor a day a date.
func TestNamesOfFolders(t *testing.T) {
	c := connect(t)
	dir := t.TempDir()
	for i, zip := range []string{"02116", "10001"} {
		below := filepath.Join(dir, "zip="+zip, "day=2020-01-0"+fmt.Sprint(i+1))
		if err := os.MkdirAll(below, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := small(t).SaveParquet(t.Context(), filepath.Join(below, "part.parquet")); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.ScanParquet(dir).GroupBy("zip", "day").Agg(t.Context(), table.Count("n").As("n"))
	if err != nil {
		t.Fatal(err)
	}
	zips, err1 := got.Strings("zip")
	days, err2 := got.Strings("day")
	if err1 != nil || err2 != nil || !slices.Equal(zips, []string{"02116", "10001"}) || !slices.Equal(days, []string{"2020-01-01", "2020-01-02"}) {
		t.Errorf("%v, errors %v, %v", got, err1, err2)
	}
}
