package spark

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	grpcmetadata "google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/reflect/protoreflect"

	"locuslab/locuskit/internal/redact"
	"locuslab/locuskit/progress"
)

// Cluster is a session on a Spark Connect server. It is safe for use by many goroutines.
type Cluster struct {
	remote   remote
	conn     *grpc.ClientConn
	session  string
	version  string
	progress func() progress.Func
	secret   *redact.Redactor // nil without a token
	server   *localServer     // nil for one that runs without this program
}

// Option changes how a [Cluster] is reached, never what it computes.
type Option func(*settings)

type settings struct {
	tls      *tls.Config
	progress func() progress.Func
}

// TLS sets how the connection is encrypted and whom it trusts, for a server whose certificate the system does not
// know. It has the connection encrypted.
func TLS(config *tls.Config) Option { return func(s *settings) { s.tls = config } }

// Progress reports to f how far queries are that take longer than a second; the items are tasks, and what they are of says
// how many stages and rows there are.
func Progress(f progress.Func) Option {
	return func(s *settings) { s.progress = func() progress.Func { return f } }
}

// ProgressBar shows a bar for queries that take longer than a second, in the notebook or else in the terminal.
func ProgressBar() Option { return func(s *settings) { s.progress = progress.Bar } }

// Connect opens a session on the Spark Connect server at an address such as sc://host:15002/;token=…, or, where that is "", at
// the one that the environment variable SPARK_REMOTE names, and sees that it answers. With a token, or with use_ssl=true, the
// connection is encrypted; a token goes in clear text to this machine only. The token is in no error and in nothing that is shown.
func Connect(ctx context.Context, address string, opts ...Option) (*Cluster, error) {
	if address == "" {
		address = os.Getenv(RemoteVariable)
	}
	if address == "" {
		return nil, fmt.Errorf("connect to Spark: no address is given and %s is not set: `go run ./locuskit/locus spark` starts a server and prints its address", RemoteVariable)
	}
	r, err := parseRemote(address)
	if err != nil {
		return nil, fmt.Errorf("connect to Spark: %w", err)
	}
	var s settings
	for _, o := range opts {
		o(&s)
	}
	r.tls = r.tls || s.tls != nil
	dial := []grpc.DialOption{
		grpc.WithUserAgent("locuskit"),
		// Batches of a result are larger than gRPC's own bound of 4 MiB.
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)),
		// A machine that is gone without a word is noticed; more often than every five minutes servers refuse to be asked.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 6 * time.Minute, Timeout: 20 * time.Second}),
		grpc.WithDisableRetry(), // a query that is asked twice would run twice
		grpc.WithTransportCredentials(insecure.NewCredentials()),
	}
	if r.tls {
		dial = append(dial, grpc.WithTransportCredentials(r.transport(s.tls)))
	}
	if r.loopback() {
		dial = append(dial, grpc.WithNoProxy())
	}
	c := &Cluster{remote: r, session: uuid.NewString(), progress: s.progress}
	if r.token != "" {
		dial = append(dial, grpc.WithPerRPCCredentials(bearer{r.token, !r.loopback()}))
		c.secret = redact.New(r.token)
	}
	if c.conn, err = grpc.NewClient(r.address(), dial...); err != nil {
		return nil, c.failed("connect to Spark", err)
	}
	answer, err := c.analyze(ctx, fields{"spark_version": fields{}})
	if err != nil {
		c.conn.Close()
		return nil, c.failed("connect to Spark", err)
	}
	c.version = get(under(answer, "spark_version"), "version").String()
	return c, nil
}

// Version is that of the server, such as 4.3.0.
func (c *Cluster) Version() string { return c.version }

// String is the server's address and version, without the token.
func (c *Cluster) String() string { return fmt.Sprintf("Spark %s at %s", c.version, c.remote) }

// Close ends the session, and with it what of it still runs on the server; and the server if Local started it.
func (c *Cluster) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	// The call is younger than the client. Its first two fields are those of every request, and it needs no others.
	// A server that is gone has no session left to end.
	_ = c.invoke(ctx, "ReleaseSession", message("ReleaseExecuteRequest", c.who()), empty("ReleaseExecuteResponse"))
	err := c.conn.Close()
	if c.server != nil {
		c.server.end()
	}
	return err
}

// who is what every request begins with.
func (c *Cluster) who() fields {
	return fields{"session_id": c.session, "user_context": fields{"user_id": cmp.Or(c.remote.user, "locuskit")}}
}

func (c *Cluster) request(more fields) fields {
	f := c.who()
	maps.Copy(f, more)
	f["client_type"] = "locuskit"
	return f
}

const servicePath = "/spark.connect.SparkConnectService/"

func (c *Cluster) invoke(ctx context.Context, method string, request, answer any) error {
	return c.conn.Invoke(c.outgoing(ctx), servicePath+method, request, answer)
}

// outgoing adds the headers that the address asks for.
func (c *Cluster) outgoing(ctx context.Context) context.Context {
	for _, name := range slices.Sorted(maps.Keys(c.remote.headers)) {
		ctx = grpcmetadata.AppendToOutgoingContext(ctx, name, c.remote.headers[name])
	}
	return ctx
}

// analyze asks about a plan without running it.
func (c *Cluster) analyze(ctx context.Context, what fields) (protoreflect.Message, error) {
	answer := empty("AnalyzePlanResponse")
	if err := c.invoke(ctx, "AnalyzePlan", message("AnalyzePlanRequest", c.request(what)), answer); err != nil {
		return nil, err
	}
	m := answer.ProtoReflect()
	if got := get(m, "session_id").String(); got != c.session {
		return nil, errors.New("the server answers for another session")
	}
	return m, nil
}

// behaviour is what a session must do alike wherever it runs, whatever the server's own settings are.
var behaviour = map[string]string{
	"spark.sql.ansi.enabled":                     "true", // an overflow is an error
	"spark.sql.caseSensitive":                    "true", // a and A are two columns
	"spark.sql.session.timeZone":                 "UTC",
	"spark.sql.retainGroupColumns":               "true",
	"spark.sql.legacy.statisticalAggregate":      "false", // the deviation of one value is null
	"spark.sql.files.ignoreCorruptFiles":         "false",
	"spark.sql.files.ignoreMissingFiles":         "false",
	"spark.sql.execution.arrow.useLargeVarTypes": "false",
	// Columns are of the kinds that package table finds in the same files: 02116 in the name of a folder stays 02116.
	"spark.sql.sources.partitionColumnTypeInference.enabled": "false",
	"spark.sql.parquet.binaryAsString":                       "false",
	"spark.sql.legacy.parquet.nanosAsLong":                   "false",
	"spark.sql.readSideCharPadding":                          "false",
	"spark.sql.execution.arrow.maxRecordsPerBatch":           "100000",
}

// configure sets how the session behaves. It is done before each query: a server that was started anew in the
// meantime knows the session's name and nothing of its settings.
func (c *Cluster) configure(ctx context.Context) error {
	var pairs []fields
	for _, name := range slices.Sorted(maps.Keys(behaviour)) {
		pairs = append(pairs, fields{"key": name, "value": behaviour[name]})
	}
	request := message("ConfigRequest", c.request(fields{"operation": fields{"set": fields{"pairs": pairs}}}))
	return c.invoke(ctx, "Config", request, empty("ConfigResponse"))
}
