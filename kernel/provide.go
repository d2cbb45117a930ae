package main

import (
	"embed"
	"log/slog"
	"os"

	"locuslab/kernel/session"
)

// forCells are the packages of this module that cells may import in any folder, and what
// these import.
//
//go:embed incell/*.go widget/*.go comm/*.go
var forCells embed.FS

// sessionOptions are those of every session, so that a cell means the same in JupyterLab
// and in a run without it.
func sessionOptions(log *slog.Logger) session.Options {
	return session.Options{Own: forCells, Log: log}
}

// newLog logs warnings to standard error, or from the level on that LOCUSLAB_LOG names
// ("debug", "info").
func newLog() *slog.Logger {
	level := slog.LevelWarn
	if text := os.Getenv("LOCUSLAB_LOG"); text != "" {
		// A level that is not one leaves the warnings.
		_ = level.UnmarshalText([]byte(text))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
