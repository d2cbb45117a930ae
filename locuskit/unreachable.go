package locuskit

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"syscall"
)

// obstacle is a known reason why there is no answer.
type obstacle struct {
	is     func(error) bool
	passes bool   // asking again may help
	advice string // what the user can do
}

// unreachable returns the obstacle that err tells of, or nil: what else can go wrong on the way may go well the next time.
func unreachable(err error) *obstacle {
	for i := range obstacles {
		if obstacles[i].is(err) {
			return &obstacles[i]
		}
	}
	return nil
}

// obstacles are looked through in their order.
var obstacles = []obstacle{
	{isA[*net.OpError](func(e *net.OpError) bool { return e.Op == "proxyconnect" || e.Op == "socks connect" }), true,
		"the proxy that HTTP_PROXY or HTTPS_PROXY names does not let the request pass: check it, or name the host in NO_PROXY"},
	{isA[x509.CertificateInvalidError](func(e x509.CertificateInvalidError) bool { return e.Reason == x509.Expired }), false,
		"the service's certificate is not valid at this machine's time: check the clock, or tell whoever runs the service"},
	{isA[x509.HostnameError](nil), false,
		"the certificate is another host's: check the host in LOCUS_URL"},
	{isA[x509.UnknownAuthorityError](nil), false,
		"nobody whom this machine trusts vouches for the service: check LOCUS_URL, and if its certificate is your own authority's, name that in SSL_CERT_FILE"},
	{isA[x509.SystemRootsError](nil), false,
		"this machine has no list of authorities to trust: install its package ca-certificates, or name a list in SSL_CERT_FILE"},
	{isA[*tls.CertificateVerificationError](nil), false,
		"the service's certificate cannot be trusted: check LOCUS_URL, or tell whoever runs the service"},
	{isA[tls.RecordHeaderError](nil), false,
		"the service does not speak TLS there: check the port in LOCUS_URL, or write http:// if it has no TLS"},
	{func(err error) bool { return errors.Is(err, http.ErrSchemeMismatch) }, false,
		"the service does not speak TLS there: write http:// in LOCUS_URL, or check its port"},
	{isA[*net.OpError](func(e *net.OpError) bool { return e.Op == "remote error" || e.Op == "local error" }), false, // an alert of TLS
		"the service refuses the TLS connection: it may ask for a certificate or a version of TLS that this client does not have (locuskit.WithHTTPClient)"},
	{isA[*net.DNSError](func(e *net.DNSError) bool { return e.IsNotFound }), false, // more likely a slip of the pen than a name that will appear
		"the host's name is unknown here: check LOCUS_URL and the network"},
	{isA[*net.DNSError](nil), true,
		"the host's name cannot be looked up now: check the network"},
	{isA[*net.AddrError](nil), false,
		"check the address in LOCUS_URL"},
	{func(err error) bool { // no load balancer there: the service is simply not running
		var op *net.OpError
		return errors.Is(err, syscall.ECONNREFUSED) && errors.As(err, &op) && loopback(op.Addr)
	}, false, notRunning},
	{func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }, true, notRunning},
}

const notRunning = "nothing answers there: start the embedded service with `go run ./locuskit/locus service`, or set LOCUS_URL to a running one"

// isA returns the test for errors of a type, and of more if also is given.
func isA[E error](also func(E) bool) func(error) bool {
	return func(err error) bool {
		var e E
		return errors.As(err, &e) && (also == nil || also(e))
	}
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}
