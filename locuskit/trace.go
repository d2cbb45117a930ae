package locuskit

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// tracerName is the instrumentation scope of the client's spans.
const tracerName = "locuslab/locuskit"

// WithTracerProvider records OpenTelemetry traces: a span for each fetch over many items, and
// within it one for each request, repetitions and hedges included, under the
// semantic conventions for HTTP clients. The context of a span is sent along as a
// traceparent header. The token is in no attribute. nil, the default, records nothing.
func WithTracerProvider(tp trace.TracerProvider) Option {
	return func(s *settings) {
		s.tracer = nil
		if tp != nil {
			s.tracer = tp.Tracer(tracerName)
		}
	}
}

// startFetch begins the span of a fetch over many items.
func (f fetch) startFetch(ctx context.Context, what string, items int) (context.Context, trace.Span) {
	if f.tracer == nil {
		return ctx, noop.Span{}
	}
	return f.tracer.Start(ctx, "fetch "+what, trace.WithAttributes(
		attribute.String("locuskit.what", what), attribute.Int("locuskit.items", items), attribute.Int("locuskit.workers", f.workers)))
}

// startAttempt begins the span of one request.
func (c *Client) startAttempt(ctx context.Context, address string, s Sent) (context.Context, trace.Span) {
	if c.tracer == nil {
		return ctx, noop.Span{}
	}
	return c.tracer.Start(ctx, http.MethodGet, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", http.MethodGet),
		attribute.String("url.full", address),
		attribute.String("server.address", c.base.Host),
		attribute.Int("http.request.resend_count", s.Attempt-1),
		attribute.String("locuskit.what", s.What),
		attribute.Int("locuskit.worker", s.Worker),
		attribute.Bool("locuskit.hedge", s.Hedge)))
}

func endAttempt(span trace.Span, s Sent) {
	if s.Status != 0 {
		span.SetAttributes(attribute.Int("http.response.status_code", s.Status), attribute.Int("http.response.body.size", s.Bytes))
	}
	endSpan(span, s.Err)
}

func endSpan(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, err.Error())
	}
	span.End()
}

// propagate tells the service which trace the request belongs to.
func (c *Client) propagate(ctx context.Context, header http.Header) {
	if c.tracer == nil {
		return
	}
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(header))
}
