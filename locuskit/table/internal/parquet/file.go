package parquet

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/apache/arrow-go/v18/parquet/schema"

	_ "locuslab/locuskit/table/internal/emptypages" // registers codecs
	_ "locuslab/locuskit/table/internal/hadooplz4"  // registers the codec

	"locuslab/locuskit/table/internal/arrowconv"
	"locuslab/locuskit/table/internal/column"
	"locuslab/locuskit/table/internal/ipcframe"
	"locuslab/locuskit/table/internal/reading"
)

// File is an open Parquet file with the columns that are wanted. A column of the file
// is a field at the top of its schema; what holds values is its leaf, and where columns are
// nested the two are counted differently.
type File struct {
	path  string
	os    *os.File
	In    *file.Reader
	arrow *pqarrow.FileReader
	names []string
	notes []string
	field []int            // place of each wanted column among the fields
	leaf  []int            // and of its values among the leaves
	types []arrow.DataType // of its values
	kinds []column.Kind    // of its values, where they are decoded in place; else 0
	size  int64            // of the file
}

// Open opens a file for the columns that are wanted.
func Open(told reading.Options, path string) (f *File, err error) {
	if err := told.Binary("Parquet"); err != nil {
		return nil, err
	}
	// The Parquet reader trusts lengths in the file; a damaged one makes it panic.
	defer recoverDamage(&err, "open", "")
	h, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil || f == nil {
			h.Close()
		}
	}()
	info, err := h.Stat()
	if err != nil {
		return nil, err
	}
	props := parquet.NewReaderProperties(memory.DefaultAllocator)
	props.BufferedStreamEnabled, props.BufferSize = true, 1<<16 // else each chunk has memory of its own for all of its pages
	in, err := file.NewParquetReader(h, file.WithReadProps(props))
	if err != nil {
		return nil, err
	}
	f = &File{path: path, os: h, In: in, size: info.Size()}
	if err := f.countRows(); err != nil {
		return nil, err
	}
	if err := f.checkNote(); err != nil {
		return nil, err
	}
	if err := f.choose(told); err != nil {
		return nil, err
	}
	return f, nil
}

// countRows sees that the file tells of as many rows as its row groups, which are what is read.
func (f *File) countRows() error {
	left := f.In.NumRows()
	for g := range f.In.NumRowGroups() {
		rows := f.In.MetaData().RowGroup(g).NumRows()
		if rows < 0 || rows > left {
			return fmt.Errorf("the file is damaged: row group %d tells of %d rows, where of the %d of the file %d are left", g+1, rows, f.In.NumRows(), left)
		}
		left -= rows
	}
	if left != 0 {
		return fmt.Errorf("the file is damaged: it tells of %d rows, of which %d are in no row group", f.In.NumRows(), left)
	}
	return nil
}

// checkNote looks over the schema that Arrow's writers note in the metadata, before Arrow's reader makes room for as many fields
// as it tells of: more than there is memory would end the process.
func (f *File) checkNote() error {
	note := f.In.MetaData().KeyValueMetadata().FindValue("ARROW:schema")
	if note == nil {
		return nil
	}
	message, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(*note, "="))
	if err != nil {
		return nil // Arrow's reader says why
	}
	if err := ipcframe.Check(message); err != nil {
		return fmt.Errorf("the Arrow schema in its metadata: %w", err)
	}
	return nil
}

// choose finds the wanted columns.
func (f *File) choose(told reading.Options) error {
	root := f.In.MetaData().Schema.Root()
	have := make([]string, root.NumFields())
	for i := range have {
		have[i] = root.Field(i).Name()
	}
	var err error
	have, f.notes = reading.DistinctNames(have, false)
	if f.field, err = told.Choose(have); err != nil {
		return err
	}
	first := firstLeaves(root)
	props := pqarrow.ArrowReadProperties{BatchSize: rowGroupRows}
	for i := range root.NumFields() {
		if flat(root.Field(i)) && f.In.MetaData().Schema.Column(first[i]).PhysicalType() == parquet.Types.ByteArray {
			props.SetReadDict(first[i], true)
		}
	}
	strange := f.convert(props)
	if f.arrow == nil {
		return strange[-1]
	}
	var bad, why []string
	for _, i := range f.field {
		switch {
		case strange[i] != nil:
			bad, why = append(bad, have[i]), append(why, fmt.Sprintf("column %q is of a kind that is not known here (%v)", have[i], strange[i]))
		case !flat(root.Field(i)):
			bad, why = append(bad, have[i]), append(why, fmt.Sprintf("column %q is nested (%s), which no column of a table is", have[i], f.arrow.Manifest.Fields[i].Field.Type))
		default:
			field := f.arrow.Manifest.Fields[i]
			if field.ColIndex != first[i] {
				return fmt.Errorf("column %q is leaf %d of the file, and Arrow's reader takes it for leaf %d", have[i], first[i], field.ColIndex)
			}
			f.names, f.leaf, f.types = append(f.names, have[i]), append(f.leaf, first[i]), append(f.types, arrowconv.ValueType(field.Field.Type))
		}
	}
	for i := range f.names {
		f.kinds = append(f.kinds, f.inPlace(i))
	}
	if bad != nil {
		return fmt.Errorf("%s: %s", strings.Join(why, "; "), column.LeaveOut(bad...))
	}
	return nil
}

// convert makes Arrow's reader of the file. That knows all columns or none: where it does not
// know the kind of some, it is told that they are without one, and why is theirs. At -1 is
// why there is no reader at all.
func (f *File) convert(props pqarrow.ArrowReadProperties) (why map[int]error) {
	meta := f.In.MetaData()
	reader, err := pqarrow.NewFileReader(f.In, props, memory.DefaultAllocator)
	if err == nil {
		f.arrow = reader
		return nil
	}
	why = map[int]error{-1: err}
	root := meta.Schema.Root()
	fields := make(schema.FieldList, root.NumFields())
	for i := range fields {
		fields[i] = root.Field(i)
		one, err := schema.NewGroupNode(root.Name(), parquet.Repetitions.Required, schema.FieldList{fields[i]}, -1)
		if err == nil {
			_, err = pqarrow.FromParquet(schema.NewSchema(one), nil, nil)
		}
		if err != nil {
			why[i] = err
			if fields[i], err = withoutKind(fields[i]); err != nil {
				return why
			}
		}
	}
	plain, err := schema.NewGroupNode(root.Name(), parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return why
	}
	meta.Schema = schema.NewSchema(plain)
	meta.FileMetaData.KeyValueMetadata = nil // what Arrow noted of the columns does not fit any more
	if reader, err = pqarrow.NewFileReader(f.In, props, memory.DefaultAllocator); err == nil {
		f.arrow = reader
	} else {
		why[-1] = err
	}
	return why
}

// withoutKind returns a node of a schema with as many leaves, which says nothing of what they mean.
func withoutKind(n schema.Node) (schema.Node, error) {
	if p, ok := n.(*schema.PrimitiveNode); ok {
		return schema.NewPrimitiveNode(p.Name(), p.RepetitionType(), p.PhysicalType(), -1, int32(p.TypeLength()))
	}
	group := n.(*schema.GroupNode)
	fields := make(schema.FieldList, group.NumFields())
	for i := range fields {
		var err error
		if fields[i], err = withoutKind(group.Field(i)); err != nil {
			return nil, err
		}
	}
	return schema.NewGroupNode(n.Name(), n.RepetitionType(), fields, -1)
}

// flat reports whether a column has one value a row at most.
func flat(n schema.Node) bool {
	return n.Type() == schema.Primitive && n.RepetitionType() != parquet.Repetitions.Repeated
}

// firstLeaves returns the place of each field's first leaf.
func firstLeaves(root *schema.GroupNode) []int {
	first, at := make([]int, root.NumFields()), 0
	for i := range first {
		first[i] = at
		at += leaves(root.Field(i))
	}
	return first
}

func leaves(n schema.Node) int {
	group, ok := n.(*schema.GroupNode)
	if !ok {
		return 1
	}
	count := 0
	for i := range group.NumFields() {
		count += leaves(group.Field(i))
	}
	return count
}
