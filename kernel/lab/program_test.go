package lab_test

import (
	"flag"
	"testing"

	"locuslab/kernel/process/processtest"
)

// setUpHome saves who works on these tests the minutes that a clean home takes.
var setUpHome = flag.String("home", "", "use this folder as home, which may be set up already, in place of a clean one")

func buildProgram(t *testing.T) processtest.Program {
	t.Helper()
	return processtest.Build(t, "locuslab/kernel", *setUpHome)
}
