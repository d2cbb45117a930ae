package spark

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"google.golang.org/protobuf/reflect/protoreflect"

	"locuslab/locuskit/table"
)

// ScanParquet returns the rows of a Parquet file, or of all in a folder, at a path that each machine of the cluster can
// read: one of this machine for a cluster on it, else one of a shared store, such as s3a://bucket/visits. Names of folders below it,
// such as zip=02116, are columns of strings.
func (c *Cluster) ScanParquet(path string) Frame {
	return c.read("Parquet "+path, func() (fields, error) {
		place, err := location(path)
		if err != nil {
			return nil, err
		}
		return fields{"read": fields{"data_source": fields{
			"format": "parquet", "paths": []string{place},
			"options": map[string]string{"mergeSchema": "true"}, // the columns are those of all files, not of one
		}}}, nil
	}, "file_path", "row_index")
}

// ScanTable returns the rows of a table in the cluster's catalog, such as ScanTable("sales", "visits"). Such a table
// has no order: its rows are ordered by their columns.
func (c *Cluster) ScanTable(name ...string) Frame {
	return c.read("table "+strings.Join(name, "."), func() (fields, error) {
		parts := make([]string, len(name))
		for i, part := range name {
			if part == "" {
				return nil, errors.New("a part of the table's name is empty")
			}
			parts[i] = "`" + strings.ReplaceAll(part, "`", "``") + "`" // one identifier, whatever it holds
		}
		return fields{"read": fields{"named_table": fields{"unparsed_identifier": strings.Join(parts, ".")}}}, nil
	})
}

var scheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:/`)

// location returns a path as the cluster's file systems have it. A path of this machine is made absolute, for the server works in
// another folder.
func location(path string) (string, error) {
	if path == "" {
		return "", errors.New("the path is empty")
	}
	if !scheme.MatchString(path) {
		whole, err := filepath.Abs(path)
		if err != nil {
			return "", err
		}
		path = "file:" + whole
	}
	return pattern.Replace(path), nil
}

// pattern has a path mean the file of that name, where Spark would look for all that match.
var pattern = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`)

// read returns a frame of a source whose columns the server knows; rows are ordered by the figures that it has of each.
func (c *Cluster) read(name string, source func() (fields, error), order ...string) Frame {
	return Frame{c, name, func(ctx context.Context) (plan, error) {
		relation, err := source()
		if err != nil {
			return plan{}, err
		}
		if err := c.configure(ctx); err != nil { // the names of columns are read with it
			return plan{}, err
		}
		answer, err := c.analyze(ctx, fields{"schema": fields{"plan": fields{"root": relation}}})
		if err != nil {
			return plan{}, err
		}
		return planOf(relation, get(under(answer, "schema", "schema", "struct"), "fields").List(), order)
	}}
}

// planOf gives the columns of a source names of ours, by their places: their own are nothing that the server's parser sees.
func planOf(relation fields, schema protoreflect.List, order []string) (plan, error) {
	expressions := []fields{{"unresolved_star": fields{}}}
	var p plan
	var names []string
	var kept []fields
	for i := range schema.Len() {
		f := schema.Get(i).Message()
		sparks := typeOf(under(f, "data_type"))
		to, kind := held(sparks)
		col := column{name: get(f, "name").String(), ref: fmt.Sprintf("c%d", i), kind: kind, holds: "values of Spark's type " + sparks}
		names = append(names, "s"+col.ref)
		if kind != 0 {
			e := ref("s" + col.ref)
			if to != sparks {
				e = cast(e, to)
			}
			kept = append(kept, alias(e, col.ref))
		}
		p.columns = append(p.columns, col)
	}
	for i, figure := range order {
		name := fmt.Sprintf("o%d", i)
		expressions = append(expressions, alias(metadata(figure), name))
		names, kept = append(names, "s"+name), append(kept, alias(ref("s"+name), name))
		p.order = append(p.order, ordering{ref: name})
	}
	if len(order) == 0 {
		for _, c := range p.columns {
			if c.kind != 0 {
				p.order = append(p.order, ordering{ref: c.ref, float: c.kind == table.Float})
			}
		}
	}
	if len(kept) == 0 {
		var have []string
		for _, c := range p.columns {
			have = append(have, fmt.Sprintf("%q holds %s", c.name, c.holds))
		}
		return plan{}, fmt.Errorf("it has no columns of int, float, string or bool values, which alone can be used here: %s", strings.Join(have, ", "))
	}
	p.relation = project(rename(project(relation, expressions), names), kept)
	return p, nil
}

// typeOf names a type as Spark does, as far as it matters.
func typeOf(t protoreflect.Message) string {
	kind := chosen(t, "kind")
	switch kind {
	case "": // the protocol has got types since the client's messages were made
		return "that is not known here, such as variant or time"
	case "string":
		// The client does not know of collations, by which strings that differ can be equal, which in a table they are not.
		const collation = 2
		for name := range messagesIn(under(t, "string").GetUnknown(), collation) {
			if string(name) != "" && string(name) != "UTF8_BINARY" {
				return "string collate " + string(name)
			}
		}
	case "decimal":
		d := under(t, "decimal")
		return fmt.Sprintf("decimal(%d,%d)", get(d, "precision").Int(), get(d, "scale").Int())
	}
	return kind
}

// held returns the type of Spark in which a column of another is computed with, and what it is in a table.
func held(sparkType string) (string, table.Kind) {
	switch sparkType {
	case "byte", "short", "integer", "long":
		return "long", table.Int
	case "float", "double":
		return "double", table.Float
	case "string":
		return "string", table.String
	case "boolean":
		return "boolean", table.Bool
	}
	return "", 0
}

// FromTable returns the rows of a table of this program, which is sent to the cluster with each query that uses it: the smaller side
// of a join, for example. It is at most 100 MB.
func (c *Cluster) FromTable(t table.Table) Frame {
	return Frame{c, "a table of this program", func(context.Context) (plan, error) {
		if err := t.Err(); err != nil {
			return plan{}, err
		}
		return localPlan(t)
	}}
}

func localPlan(t table.Table) (plan, error) {
	batch, err := t.Record()
	if err != nil {
		return plan{}, err
	}
	var p plan
	var names []arrow.Field
	var columns []arrow.Array
	for i, name := range t.Columns() {
		kind, err := t.Kind(name)
		if err != nil {
			return plan{}, err
		}
		col := column{name: name, kind: kind, ref: fmt.Sprintf("c%d", i)}
		values := batch.Column(i)
		switch kind {
		case table.Int, table.Float, table.Bool:
		case table.String:
			if values, err = plainStrings(t, name, values); err != nil {
				return plan{}, err
			}
		default: // it stays here
			col.kind, col.holds = 0, fmt.Sprintf("%s values of package table, which a Cast to string makes text", kind)
			p.columns = append(p.columns, col)
			continue
		}
		names = append(names, arrow.Field{Name: col.ref, Type: values.DataType(), Nullable: true})
		columns = append(columns, values)
		p.columns = append(p.columns, col)
	}
	number := array.NewInt64Builder(memory.DefaultAllocator)
	for i := range t.Rows() {
		number.Append(int64(i))
	}
	names, columns = append(names, arrow.Field{Name: "o0", Type: arrow.PrimitiveTypes.Int64}), append(columns, number.NewArray())
	p.order = []ordering{{ref: "o0"}}
	schema := arrow.NewSchema(names, nil)
	var data bytes.Buffer
	out := ipc.NewWriter(&data, ipc.WithSchema(schema))
	if err := errors.Join(out.Write(array.NewRecordBatch(schema, columns, int64(t.Rows()))), out.Close()); err != nil {
		return plan{}, fmt.Errorf("send the table: %w", err)
	}
	const most = 100 << 20 // a little less than servers take
	if data.Len() > most {
		return plan{}, fmt.Errorf("the table is %d MB, and servers take %d: save it as Parquet where the cluster can read it", data.Len()>>20, most>>20)
	}
	p.relation = fields{"local_relation": fields{"data": data.Bytes()}}
	return p, nil
}

// plainStrings returns a column of strings without a dictionary, which Spark does not read.
func plainStrings(t table.Table, name string, coded arrow.Array) (arrow.Array, error) {
	values, err := t.Strings(name)
	if err != nil {
		return nil, err
	}
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Reserve(len(values))
	for i, v := range values {
		if coded.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(v)
		}
	}
	return b.NewArray(), nil
}
