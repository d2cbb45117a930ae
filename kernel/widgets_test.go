package main_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"locuslab/kernel/jupyter/client"
	"locuslab/kernel/jupyter/wire"
	"locuslab/kernel/kerneltest"
)

// A page is the widget manager of a front end, as far as the kernel can tell.
type page struct {
	mu      sync.Mutex
	changed chan struct{}
	models  map[string]map[string]any // states by comm
	closed  map[string]bool
}

func watchComms(k *client.Kernel) *page {
	p := &page{changed: make(chan struct{}, 1), models: map[string]map[string]any{}, closed: map[string]bool{}}
	k.Watch(func(m wire.Message) {
		if !strings.HasPrefix(m.Type, "comm_") {
			return
		}
		var content struct {
			ID   string `json:"comm_id"`
			Data struct {
				State map[string]any `json:"state"`
			} `json:"data"`
		}
		if m.Decode(&content) != nil {
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.models[content.ID] == nil {
			p.models[content.ID] = map[string]any{}
		}
		for key, value := range content.Data.State {
			p.models[content.ID][key] = value
		}
		p.closed[content.ID] = m.Type == "comm_close"
		select {
		case p.changed <- struct{}{}:
		default:
		}
	})
	return p
}

// await returns the id of the newest model that fits.
func (p *page) await(t *testing.T, what string, fits func(id string, state map[string]any) bool) string {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		p.mu.Lock()
		for id, state := range p.models {
			if fits(id, state) {
				p.mu.Unlock()
				return id
			}
		}
		p.mu.Unlock()
		select {
		case <-p.changed:
		case <-deadline:
			t.Fatalf("the page has no %s; it has %v", what, p.models)
		}
	}
}

// shows waits until an output widget has a text.
func (p *page) shows(t *testing.T, text string) {
	t.Helper()
	p.await(t, "output that shows "+text, func(_ string, s map[string]any) bool {
		outputs, err := json.Marshal(s["outputs"])
		return s["_model_name"] == "OutputModel" && err == nil && strings.Contains(string(outputs), text)
	})
}

// move sets the value of a control, as the page does.
func move(t *testing.T, k *client.Kernel, control string, value any) {
	t.Helper()
	data := map[string]any{"method": "update", "state": map[string]any{"value": value}, "buffer_paths": []any{}}
	if _, err := k.Publish("comm_msg", map[string]any{"comm_id": control, "data": data}); err != nil {
		t.Fatal(err)
	}
}

// A function that waits for its context to end is ended by the next value, in a library, whose
// code the kernel does not stop, as in a cell.
func TestInteractCancelsWhatIsStale(t *testing.T) {
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: "."}) // the cells see this module
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	p := watchComms(k)
	o, err := k.Run(t.Context(), `import (
	"context"
	"locuslab/kernel/widget"
	"os/exec"
)
var ended []string
widget.Interact(func(ctx context.Context, n int) (any, error) {
	fmt.Println("begun with", n)
	defer func() { ended = append(ended, fmt.Sprint(n, " ", ctx.Err())) }()
	switch n {
	case 2:
		<-ctx.Done()
	case 3:
		return nil, exec.CommandContext(ctx, "sleep", "3600").Run()
	}
	return fmt.Sprint("done with ", n), nil
}, widget.IntSlider("n", 1, 1, 5))`)
	if err != nil || o.Status != "ok" {
		t.Fatalf("%s: %v", kerneltest.FailureText(o), err)
	}
	slider := p.await(t, "slider", func(_ string, s map[string]any) bool { return s["_model_name"] == "IntSliderModel" })
	p.shows(t, "done with 1")
	move(t, k, slider, 2)
	p.shows(t, "begun with 2")
	move(t, k, slider, 3)
	p.shows(t, "begun with 3")
	move(t, k, slider, 4)
	p.shows(t, "done with 4")
	o, err = k.Run(t.Context(), "ended")
	if want := `[1 <nil> 2 context canceled 3 context canceled 4 <nil>]`; err != nil || strings.ReplaceAll(o.Result("text/plain"), `"`, "") != want {
		t.Errorf("the runs ended as %s, not %s: %v", o.Result("text/plain"), want, err)
	}
}

// Widgets speak the protocol of ipywidgets: what the page changes reaches the code in
// cells, what that shows reaches the page, and nothing stays of a worker that has ended.
func TestWidgetsByTheProtocol(t *testing.T) {
	k, err := client.Start(t.Context(), kerneltest.Spec(t), client.Options{Dir: "."}) // the cells see this module
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	p := watchComms(k)
	run := func(cell string) *client.Outcome {
		t.Helper()
		o, err := k.Run(t.Context(), cell)
		if err != nil || o.Status != "ok" {
			t.Fatalf("%s: %v", kerneltest.FailureText(o), err)
		}
		return o
	}
	o := run(`import "locuslab/kernel/widget"
widget.Interact(func(workers int, kind string) any {
	return fmt.Sprint(kind, ": ", workers*workers)
}, widget.IntSlider("workers", 3, 1, 8), widget.Dropdown("kind", "squares", "none"))`)
	if view := o.Result("application/vnd.jupyter.widget-view+json"); o.Result("text/plain") != "squares: 9" {
		t.Errorf("the cell shows %q and the view %q", o.Result("text/plain"), view)
	}
	slider := p.await(t, "slider", func(_ string, s map[string]any) bool {
		return s["_model_name"] == "IntSliderModel" && s["description"] == "workers" && s["min"] == 1.0
	})
	p.shows(t, "squares: 9")
	move(t, k, slider, 5)
	p.shows(t, "squares: 25")
	move(t, k, slider, "no number") // of a page that errs
	move(t, k, slider, 6)
	p.shows(t, "squares: 36")

	// A page that was loaded anew asks for all.
	if _, err := k.Publish("comm_open", map[string]any{"comm_id": "control", "target_name": "jupyter.widget.control", "data": map[string]any{}}); err != nil {
		t.Fatal(err)
	}
	info, err := k.Ask(t.Context(), wire.Shell, "comm_info_request", map[string]any{"target_name": "jupyter.widget"})
	if err != nil || !strings.Contains(string(info.Content), slider) {
		t.Errorf("open comms: %s, %v", info.Content, err)
	}

	// The comms of a worker that has ended are closed.
	if _, err := k.Run(t.Context(), "os.Exit(0)"); err != nil {
		t.Fatal(err)
	}
	p.await(t, "slider that is closed", func(id string, _ map[string]any) bool { return id == slider && p.closed[id] })
}
