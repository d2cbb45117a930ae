package locuskit_test

import (
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"locuslab/locuskit"
	"locuslab/locuskit/locustest"
)

func TestTracesHaveASpanARequest(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	c := serve(t, []locustest.Option{failing("2", locustest.Overloaded, 1)},
		locuskit.WithTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans))))
	whitelabels := whitelabelsOf(t, c)[:3]
	if _, err := c.ConnectionsParallel(t.Context(), whitelabels); err != nil {
		t.Fatal(err)
	}
	requests, failed := 0, 0
	var fetch trace.ReadOnlySpan
	for _, s := range spans.Ended() {
		if s.Name() == "fetch connections" {
			fetch = s
		}
	}
	if fetch == nil {
		t.Fatal("no span for the fetch")
	}
	for _, s := range spans.Ended() {
		if s.Parent().SpanID() != fetch.SpanContext().SpanID() {
			continue
		}
		requests++
		if s.Status().Code == codes.Error {
			failed++
		}
	}
	if requests != 4 || failed != 1 {
		t.Errorf("%d spans under the fetch, %d failed; want 4 and 1", requests, failed)
	}
}

func TestTraceIsSentAlongOnlyIfAskedFor(t *testing.T) {
	var parents []string
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		parents = append(parents, r.Header.Get("traceparent"))
		w.Write([]byte("[]"))
	})
	tp := trace.NewTracerProvider()
	ctx, span := tp.Tracer("test").Start(t.Context(), "mine")
	defer span.End()
	for _, opts := range [][]locuskit.Option{nil, {locuskit.WithTracerProvider(tp)}} {
		if _, err := dial(t, url, "t", opts...).Whitelabels(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if parents[0] != "" || !strings.Contains(parents[1], span.SpanContext().TraceID().String()) {
		t.Errorf("sent %q", parents)
	}
}
