package locuskit_test

import (
	"reflect"
	"strings"
	"testing"

	"locuslab/locuskit"
)

// TestFormsReadAlike holds the rule of all pairs: the same arguments, options last.
func TestFormsReadAlike(t *testing.T) {
	client := reflect.TypeFor[*locuskit.Client]()
	pairs := 0
	for i := range client.NumMethod() {
		parallel := client.Method(i)
		name, isPair := strings.CutSuffix(parallel.Name, "Parallel")
		if !isPair {
			continue
		}
		pairs++
		sequential, ok := client.MethodByName(name)
		if !ok {
			t.Errorf("%s has no sequential form", parallel.Name)
			continue
		}
		if parallel.Type != sequential.Type {
			t.Errorf("%s is %v and %s %v", name, sequential.Type, parallel.Name, parallel.Type)
		}
		if !parallel.Type.IsVariadic() {
			t.Errorf("%s takes no options", parallel.Name)
		}
	}
	if pairs < 4 {
		t.Errorf("%d pairs found", pairs)
	}
}
