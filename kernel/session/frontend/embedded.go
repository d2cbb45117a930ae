package frontend

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"

	"locuslab/kernel/build"
	"locuslab/kernel/session/scope"
)

// embedDeclarations declares the unit's own variables of the embedded files.
func (e *emitter) embedDeclarations(config build.Embed, more scope.Needs) (string, error) {
	var b strings.Builder
	for name, embed := range e.Embeds {
		obj := e.Package.Scope().Lookup(name)
		typ, err := e.Scope.TypeText(obj.Type(), e.fresh, more)
		if err != nil {
			return "", e.FailureAt(obj.Pos(), err.Error())
		}
		files := map[string]bool{}
		for _, p := range embed.Patterns {
			for _, f := range config.Patterns[p] {
				files[f] = true
			}
		}
		if _, isFS := obj.Type().Underlying().(*types.Struct); !isFS && len(files) > 1 {
			return "", e.FailureAt(obj.Pos(), fmt.Sprintf("go:embed: %d files for one %s: use embed.FS", len(files), obj.Type()))
		}
		if !embeddable(obj.Type()) {
			return "", e.FailureAt(obj.Pos(), fmt.Sprintf("go:embed cannot apply to a variable of type %s: use string, []byte or embed.FS", types.TypeString(obj.Type(), types.RelativeTo(e.Package))))
		}
		b.WriteString("\n//go:embed")
		for _, p := range embed.Patterns {
			b.WriteString(" " + strconv.Quote(p))
		}
		fmt.Fprintf(&b, "\nvar %s %s\n", e.EmbedName(name), typ)
	}
	return b.String(), nil
}

func embeddable(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "embed" {
		return named.Obj().Name() == "FS"
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.String
	case *types.Slice:
		basic, ok := t.Elem().Underlying().(*types.Basic)
		return ok && basic.Kind() == types.Byte
	}
	return false
}
