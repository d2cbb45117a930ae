package spark

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"google.golang.org/grpc/credentials"
)

// RemoteVariable names the environment variable with the address of a Spark Connect server, as Spark's other clients have it.
const RemoteVariable = "SPARK_REMOTE"

const defaultPort = "15002"

// remote is what an address such as sc://host:15002/;token=…;use_ssl=true says.
type remote struct {
	host, port  string
	token, user string
	tls         bool
	headers     map[string]string
}

// parseRemote reads an address. Its errors do not repeat the address, which may hold a token.
func parseRemote(address string) (remote, error) {
	rest, ok := strings.CutPrefix(address, "sc://")
	if !ok {
		return remote{}, errors.New("the address of a Spark Connect server begins with sc://, as in sc://host:15002/;token=…")
	}
	place, parameters, _ := strings.Cut(rest, "/")
	r := remote{host: place, port: defaultPort, headers: map[string]string{}}
	if strings.ContainsAny(place, "@;?#") {
		return remote{}, errors.New("between sc:// and the next / stand a host and a port alone: a token goes behind them, as in sc://host:15002/;token=…")
	}
	if host, port, err := net.SplitHostPort(place); err == nil {
		r.host, r.port = host, port
	} else {
		r.host = strings.Trim(place, "[]")
	}
	if n, err := strconv.ParseUint(r.port, 10, 16); err != nil || n == 0 || r.host == "" {
		return remote{}, errors.New("the address of the Spark Connect server needs a host, and a port between 1 and 65535, as in sc://host:15002")
	}
	if parameters != "" && parameters[0] != ';' {
		return remote{}, errors.New("the address of the Spark Connect server has a path: only parameters stand behind its host, as in sc://host:15002/;token=…")
	}
	ssl := ""
	for part := range strings.SplitSeq(parameters, ";") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		value, err := url.QueryUnescape(strings.ReplaceAll(value, "+", "%2B"))
		if err != nil || name == "" || value == "" {
			return remote{}, fmt.Errorf("parameter %q of the Spark Connect server's address has no value, or one that is not percent-encoded", name)
		}
		switch name {
		case "token":
			r.token = value
		case "user_id":
			r.user = value
		case "use_ssl":
			ssl = value
		case "session_id", "user_agent":
			// Each connection has its own session; who asks is said below.
		default:
			r.headers[strings.ToLower(name)] = value
		}
	}
	switch ssl {
	case "true":
		r.tls = true
	case "false":
		if r.token != "" && !r.loopback() {
			return remote{}, fmt.Errorf("a token for %s would go over the net in clear text: leave use_ssl=false out", r.host)
		}
	case "":
		r.tls = r.token != "" && !r.loopback()
	default:
		return remote{}, errors.New("parameter use_ssl of the Spark Connect server's address is true or false")
	}
	if r.user == "" {
		r.user = os.Getenv("USER")
	}
	return r, nil
}

// loopback reports whether the server is on this machine, so that what goes there is on no net.
func (r remote) loopback() bool {
	ip := net.ParseIP(r.host)
	return r.host == "localhost" || ip != nil && ip.IsLoopback()
}

// address is where the server listens.
func (r remote) address() string { return net.JoinHostPort(r.host, r.port) }

// String is the address without what is secret.
func (r remote) String() string { return "sc://" + r.address() }

func (r remote) transport(config *tls.Config) credentials.TransportCredentials {
	if config == nil {
		config = &tls.Config{}
	}
	return credentials.NewTLS(config)
}

// bearer sends the token with each call.
type bearer struct {
	token  string
	secure bool
}

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + b.token}, nil
}

func (b bearer) RequireTransportSecurity() bool { return b.secure }
