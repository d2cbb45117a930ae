package nb

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// An abridger writes a large value as %+v does, with what is long left out: the rest
// of a slice or map behind its first elements, and everything once the text is full.
type abridger struct{ strings.Builder }

func (p *abridger) full() bool { return p.Len() > maxText }

func (p *abridger) value(v reflect.Value, depth int) {
	if p.full() {
		return
	}
	if depth > 0 && speaks(v) {
		fmt.Fprintf(p, "%+v", v.Interface())
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			p.WriteString("<nil>")
			return
		}
		p.value(v.Elem(), depth+1)
	case reflect.Pointer:
		if depth > 0 || v.IsNil() || !isComposite(v.Elem()) {
			fmt.Fprintf(p, "%v", v.UnsafePointer())
			return
		}
		p.WriteByte('&')
		p.value(v.Elem(), depth+1)
	case reflect.Struct:
		p.WriteByte('{')
		for i := 0; i < v.NumField() && !p.full(); i++ {
			if i > 0 {
				p.WriteByte(' ')
			}
			p.WriteString(v.Type().Field(i).Name + ":")
			p.value(v.Field(i), depth+1)
		}
		p.WriteByte('}')
	case reflect.Slice, reflect.Array:
		p.WriteByte('[')
		for i := 0; i < min(v.Len(), maxElements) && !p.full(); i++ {
			if i > 0 {
				p.WriteByte(' ')
			}
			p.value(v.Index(i), depth+1)
		}
		p.end(v)
	case reflect.Map:
		p.entries(v, depth)
	case reflect.String:
		text := v.String()
		p.WriteString(text[:min(len(text), maxText+1)])
	default:
		fmt.Fprintf(p, "%+v", v)
	}
}

// end closes a slice or map.
func (p *abridger) end(v reflect.Value) {
	if v.Len() > maxElements {
		fmt.Fprintf(p, " … %d more", v.Len()-maxElements)
	}
	p.WriteByte(']')
}

func (p *abridger) entries(v reflect.Value, depth int) {
	p.WriteString("map[")
	type entry struct{ key, value reflect.Value }
	var some []entry
	for it := v.MapRange(); len(some) < maxElements && it.Next(); {
		some = append(some, entry{it.Key(), it.Value()})
	}
	slices.SortStableFunc(some, func(a, b entry) int { return compareKeys(a.key, b.key) })
	for i, e := range some {
		if p.full() {
			break
		}
		if i > 0 {
			p.WriteByte(' ')
		}
		p.value(e.key, depth+1)
		p.WriteByte(':')
		p.value(e.value, depth+1)
	}
	p.end(v)
}

// compareKeys is fmt's order for keys of basic types.
func compareKeys(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.String:
		return cmp.Compare(a.String(), b.String())
	}
	return 0
}
