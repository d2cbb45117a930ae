package locuskit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"locuslab/locuskit/internal/jsontext"
)

// question is what a path of the service is asked, and what its answer must be. An answer becomes a value by
// read alone, be it off the wire or out of a checkpoint.
type question[T any] struct {
	what  string // names it in errors, such as "connections of whitelabel 7 (CHR)"
	path  string
	query url.Values

	read   func(text []byte) (T, error)    // of a whole answer
	stream func(text io.Reader) (T, error) // of one too long to be held as text, in place of read
	keep   bool                            // the text is wanted beside the value
}

// answer is what came of a question.
type answer[T any] struct {
	value T
	text  json.RawMessage // as the service sent it, where the question says so
}

// decode parses the text of an answer into what the service sends, with nothing made up: encoding/json takes
// null, and an object without a field, for zeros, and what is no UTF-8 for other characters.
func decode[Sent any](text []byte) (Sent, error) {
	var sent Sent
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		return sent, &badAnswer{err: errors.New("answer is null where data was expected")}
	}
	err := jsontext.Check(text)
	if err == nil {
		err = json.Unmarshal(text, &sent)
	}
	return sent, misread(err, len(text))
}

// listOf reads an answer that is a list of objects, each of which becomes a value by one. Of what objects may lack,
// they must have what is needed.
func listOf[List ~[]T, T, Sent any](of string, one func(*Sent) (T, error), needed ...string) func([]byte) (List, error) {
	return func(text []byte) (List, error) {
		sent, err := decode[[]Sent](text)
		if err != nil {
			return nil, err
		}
		list := make(List, len(sent))
		for i := range sent {
			err := whole(&sent[i], needed...)
			if err == nil {
				list[i], err = one(&sent[i])
			}
			if err != nil {
				return nil, unexpected("%s %d of %d: %w", of, i+1, len(sent), err)
			}
		}
		return list, nil
	}
}

// unexpected returns an answer that is JSON, and not what was asked for.
func unexpected(format string, args ...any) error {
	return &badAnswer{err: fmt.Errorf("answer is not as expected: "+format, args...)}
}

// whole returns an error for the first field that an object lacks. In a struct of what the service sends, fields that
// must have a value are pointers or slices; others are optional, but for those that are needed.
func whole(sent any, needed ...string) error {
	v := reflect.ValueOf(sent).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		f := v.Field(i)
		if (f.Kind() == reflect.Pointer || f.Kind() == reflect.Slice) && f.IsNil() {
			return fmt.Errorf("it has no %s", name)
		}
		if o, ok := f.Addr().Interface().(interface{ sentAs() (sent, null bool) }); ok {
			switch sent, null := o.sentAs(); {
			case null:
				return fmt.Errorf("its %s is null", name)
			case !sent && slices.Contains(needed, name):
				return fmt.Errorf("it has no %s", name)
			}
		}
	}
	return nil
}

// optional is a field of an answer that describes a thing and need not be there. A text or time can be null, too, which
// is none; a number cannot, for its zero would be one.
type optional[T any] struct {
	value      T
	sent, null bool // null: where that is no value
}

func (o *optional[T]) sentAs() (sent, null bool) { return o.sent, o.null }

// UnmarshalJSON implements [json.Unmarshaler].
func (o *optional[T]) UnmarshalJSON(text []byte) error {
	o.sent = true
	switch own := any(&o.value).(type) {
	case *time.Time:
		return own.UnmarshalJSON(text) // takes null, too
	case *string:
		if len(text) > 1 && text[0] == '"' && bytes.IndexByte(text, '\\') < 0 { // nearly all: nothing to decode
			*own = string(text[1 : len(text)-1])
			return nil
		}
	case *json.RawMessage:
		*own = bytes.Clone(text)
		return nil
	default:
		if o.null = string(text) == "null"; o.null {
			return nil
		}
	}
	return json.Unmarshal(text, &o.value)
}
