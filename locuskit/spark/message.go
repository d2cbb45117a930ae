package spark

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// It registers the messages of Spark Connect. Their Go types are internal to the client's module, so that they are made
	// by their names in the protocol.
	_ "github.com/apache/spark-connect-go/v35/spark/sql/types"
)

// fields are a message's fields by their names in the protocol: strings, numbers, bools, bytes, enumerations, fields of a
// message, lists of these, and maps of strings.
type fields map[string]any

// number is a value of an enumeration.
type number = protoreflect.EnumNumber

const protocol = "spark.connect."

// unknown is the name under which fields have bytes of the wire, for what the client's messages do not know yet.
const unknown = ""

// message makes a message of the protocol. The names are this package's own: a wrong one is a fault here, and panics.
func message(name string, f fields) proto.Message {
	m := empty(name)
	set(m.ProtoReflect(), f)
	return m
}

func empty(name string) proto.Message {
	t, err := protoregistry.GlobalTypes.FindMessageByName(protoreflect.FullName(protocol + name))
	if err != nil {
		panic(fmt.Sprintf("spark: the client has no message %s: %v", name, err))
	}
	return t.New().Interface()
}

func set(m protoreflect.Message, f fields) {
	for name, value := range f {
		if name == unknown {
			m.SetUnknown(value.([]byte))
			continue
		}
		field := m.Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil {
			panic(fmt.Sprintf("spark: %s has no field %s", m.Descriptor().FullName(), name))
		}
		switch v := value.(type) {
		case fields:
			set(m.Mutable(field).Message(), v)
		case []fields:
			list := m.Mutable(field).List()
			for _, one := range v {
				set(list.AppendMutable().Message(), one)
			}
		case []string:
			list := m.Mutable(field).List()
			for _, one := range v {
				list.Append(protoreflect.ValueOfString(one))
			}
		case map[string]string:
			entries := m.Mutable(field).Map()
			for key, one := range v {
				entries.Set(protoreflect.ValueOfString(key).MapKey(), protoreflect.ValueOfString(one))
			}
		default:
			m.Set(field, protoreflect.ValueOf(v))
		}
	}
}

// under follows messages by the names of their fields; it returns an invalid message where one is not set.
func under(m protoreflect.Message, path ...string) protoreflect.Message {
	for _, name := range path {
		m = m.Get(m.Descriptor().Fields().ByName(protoreflect.Name(name))).Message()
	}
	return m
}

// get returns a field of a message.
func get(m protoreflect.Message, name string) protoreflect.Value {
	return m.Get(m.Descriptor().Fields().ByName(protoreflect.Name(name)))
}

// chosen returns the name of the field that is set of those that exclude one another; "" for none.
func chosen(m protoreflect.Message, oneof string) string {
	if field := m.WhichOneof(m.Descriptor().Oneofs().ByName(protoreflect.Name(oneof))); field != nil {
		return string(field.Name())
	}
	return ""
}
