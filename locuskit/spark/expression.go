package spark

import "google.golang.org/protobuf/encoding/protowire"

// Expressions of the protocol. Columns go by names that this package made up.

func ref(column string) fields {
	return fields{"unresolved_attribute": fields{"unparsed_identifier": column}}
}

// metadata is a figure that Spark knows of a row beside its columns, such as its number in its file.
func metadata(name string) fields {
	const isMetadataColumn = 3 // a field that is younger than the client
	flag := protowire.AppendVarint(protowire.AppendTag(nil, isMetadataColumn, protowire.VarintType), 1)
	return fields{"unresolved_attribute": fields{"unparsed_identifier": "_metadata." + name, unknown: flag}}
}

func call(function string, arguments ...fields) fields {
	return fields{"unresolved_function": fields{"function_name": function, "arguments": arguments}}
}

func distinct(function string, arguments ...fields) fields {
	return fields{"unresolved_function": fields{"function_name": function, "arguments": arguments, "is_distinct": true}}
}

func alias(e fields, name string) fields {
	return fields{"alias": fields{"expr": e, "name": []string{name}}}
}

func cast(e fields, to string) fields {
	return fields{"cast": fields{"expr": e, "type": fields{to: fields{}}}}
}

func literal(kind string, value any) fields { return fields{"literal": fields{kind: value}} }

var never = literal("boolean", false)

// all is the conjunction of conditions.
func all(conditions []fields) fields {
	e := conditions[0]
	for _, c := range conditions[1:] {
		e = call("and", e, c)
	}
	return e
}

// Relations.

func project(input fields, expressions []fields) fields {
	return fields{"project": fields{"input": input, "expressions": expressions}}
}

func rename(input fields, names []string) fields {
	return fields{"to_df": fields{"input": input, "column_names": names}}
}

func filter(input, condition fields) fields {
	return fields{"filter": fields{"input": input, "condition": condition}}
}

func limit(input fields, n int32) fields { return fields{"limit": fields{"input": input, "limit": n}} }

func sorted(input fields, by []fields) fields {
	return fields{"sort": fields{"input": input, "order": by, "is_global": true}}
}

// sortOrder has nulls last, ascending or descending.
func sortOrder(e fields, down bool) fields {
	const ascending, descending, nullsLast = 1, 2, 2
	direction := number(ascending)
	if down {
		direction = descending
	}
	return fields{"child": e, "direction": direction, "null_ordering": number(nullsLast)}
}
