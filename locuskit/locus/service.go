package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"locuslab/kernel/lab/service"
)

// startService starts the embedded service in a process of its own, so that its CPU
// time is not counted as this one's, unless LOCUS_URL names another service.
func startService(ctx context.Context, speed float64) (*service.Service, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot start the LOCUS service: %w", err)
	}
	return service.Start(ctx, service.Config{
		Name:     "embedded LOCUS service",
		Command:  []string{exe, "service", "--until-eof", "--speed", strconv.FormatFloat(speed, 'g', -1, 64)},
		Provides: []string{"LOCUS_URL", "API_TOKEN"},
	})
}
