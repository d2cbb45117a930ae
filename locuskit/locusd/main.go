// Command locusd is the embedded LOCUS service and nothing else: the command service
// of locuslab/locuskit/locus without what fetching and tables need, so that a new
// machine has compiled it before JupyterLab is open.
package main

import (
	"context"
	"fmt"
	"os"

	"locuslab/locuskit/locus/service"
)

func main() {
	cmd := service.New()
	cmd.Use = "locusd"
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	if err := cmd.ExecuteContext(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "locusd:", err)
		os.Exit(1)
	}
}
