package client

import (
	"context"

	"locuslab/kernel/jupyter/wire"
)

// Completion is the reply to a completion; positions are in code points.
type Completion struct {
	Status  string   `json:"status"`
	Matches []string `json:"matches"`
	Start   int      `json:"cursor_start"`
	End     int      `json:"cursor_end"`
}

// Complete asks what may stand at the cursor, in code points.
func (c *Client) Complete(ctx context.Context, code string, cursor int) (Completion, error) {
	return decode[Completion](c.Ask(ctx, wire.Shell, "complete_request", map[string]any{"code": code, "cursor_pos": cursor}))
}

// Inspection is the reply to an inspection.
type Inspection struct {
	Status string         `json:"status"`
	Found  bool           `json:"found"`
	Data   map[string]any `json:"data"`
}

// Inspect asks for the documentation of the name at the cursor, in code points.
func (c *Client) Inspect(ctx context.Context, code string, cursor, detail int) (Inspection, error) {
	return decode[Inspection](c.Ask(ctx, wire.Shell, "inspect_request",
		map[string]any{"code": code, "cursor_pos": cursor, "detail_level": detail}))
}

// Completeness is the reply to the question whether code may be run as it is.
type Completeness struct {
	Status string `json:"status"`
	Indent string `json:"indent"`
}

// IsComplete asks whether code may be run as it is.
func (c *Client) IsComplete(ctx context.Context, code string) (Completeness, error) {
	return decode[Completeness](c.Ask(ctx, wire.Shell, "is_complete_request", map[string]any{"code": code}))
}

// History is the reply to a history request: session, line and input of each
// cell, or session, line and a pair of input and output.
type History struct {
	Status  string  `json:"status"`
	History [][]any `json:"history"`
}

// History asks for earlier cells; query is the content of a history_request.
func (c *Client) History(ctx context.Context, query map[string]any) (History, error) {
	return decode[History](c.Ask(ctx, wire.Shell, "history_request", query))
}

// KernelInfo is what a kernel says of itself.
type KernelInfo struct {
	Status         string `json:"status"`
	Protocol       string `json:"protocol_version"`
	Implementation string `json:"implementation"`
	Version        string `json:"implementation_version"`
	Banner         string `json:"banner"`
	Language       struct {
		Name      string `json:"name"`
		Version   string `json:"version"`
		Extension string `json:"file_extension"`
		MIME      string `json:"mimetype"`
	} `json:"language_info"`
}

// KernelInfo asks the kernel for its name and language.
func (c *Client) KernelInfo(ctx context.Context) (KernelInfo, error) {
	return decode[KernelInfo](c.Ask(ctx, wire.Shell, "kernel_info_request", struct{}{}))
}

// Interrupt asks the kernel, by message, to interrupt the running cell.
func (c *Client) Interrupt(ctx context.Context) error {
	_, err := c.Ask(ctx, wire.Control, "interrupt_request", struct{}{})
	return err
}

// Shutdown asks the kernel to end; restart tells it that another one follows.
func (c *Client) Shutdown(ctx context.Context, restart bool) error {
	_, err := c.Ask(ctx, wire.Control, "shutdown_request", map[string]bool{"restart": restart})
	return err
}
