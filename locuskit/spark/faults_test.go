package spark_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"locuslab/locuskit/locus/sparkserver"
	"locuslab/locuskit/progress"
	"locuslab/locuskit/spark"
	"locuslab/locuskit/table"
)

func small(t *testing.T) table.Table {
	t.Helper()
	b := table.NewBuilder()
	keys, numbers, whens := b.Strings("key"), b.Ints("n"), b.Floats("x")
	for i := range 8 {
		keys.Append(strings.Repeat("k", i%2+1))
		numbers.Append(math.MaxInt64 - int64(i))
		whens.Append(float64(i))
	}
	tab, err := b.Table()
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

// TestFailures holds what a user is told, which names the query and the reason.
func TestFailures(t *testing.T) {
	c := connect(t)
	f := c.FromTable(small(t))
	for name, one := range map[string]struct {
		ask  func(ctx context.Context) (table.Table, error)
		says []string
	}{
		"file":      {c.ScanParquet("/not/there.parquet").Table, []string{"Parquet /not/there.parquet", "PATH_NOT_FOUND", "cluster's machines"}},
		"no file":   {c.ScanParquet("").Table, []string{"the path is empty"}},
		"table":     {c.ScanTable("nobody", "has; drop table x").Table, []string{"table nobody.has; drop table x", "TABLE_OR_VIEW_NOT_FOUND"}},
		"column":    {f.Where("m", ">", 1).Table, []string{"where m > 1", `no column "m"`, `"key", "n", "x"`}},
		"operator":  {f.Where("n", "=", 1).Table, []string{`no comparison "="`}},
		"kind":      {f.Where("n", "==", "1").Table, []string{"holds int values"}},
		"text":      {f.Where("key", "==", "\xff").Table, []string{"not UTF-8"}},
		"sort":      {f.Sort("-m").Table, []string{"sort by -m", "no column"}},
		"join":      {f.Join(f, "key=x").Table, []string{"both sides need one kind"}},
		"join keys": {f.Join(f).Table, []string{"name at least one column"}},
		"names":     {f.Join(f, "key").Join(f, "key").Table, []string{"two columns named"}},
		"overflow": {func(ctx context.Context) (table.Table, error) { return f.GroupSum(ctx, "key", "n") },
			[]string{"group by key", "beyond int64"}},
		"quantile": {func(ctx context.Context) (table.Table, error) {
			return f.GroupBy("key").Agg(ctx, table.Quantile("n", 1.5))
		}, []string{"between 0 and 1"}},
		"sum of texts": {func(ctx context.Context) (table.Table, error) { return f.GroupBy("n").Agg(ctx, table.Sum("key")) },
			[]string{"needs int or float"}},
		"no aggregate": {func(ctx context.Context) (table.Table, error) { return f.GroupBy("n").Agg(ctx, table.Aggregate{}) },
			[]string{"an Aggregate is made by"}},
		"other connection": {connect(t).FromTable(small(t)).Join(f, "key").Table, []string{"different connections"}},
	} {
		got, err := one.ask(t.Context())
		if err == nil {
			t.Errorf("%s: %v, want an error", name, got)
			continue
		}
		for _, says := range one.says {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %q does not say %q", name, err, says)
			}
		}
		if strings.Contains(err.Error(), "\tat org.apache") {
			t.Errorf("%s: %q repeats Java's stack", name, err)
		}
	}
	var told *spark.Error
	if _, err := c.ScanParquet("/not/there").Rows(t.Context()); !errors.As(err, &told) || told.Class != "PATH_NOT_FOUND" {
		t.Errorf("%#v", err)
	}
}

// TestQueryThatFailsOnTheCluster damages a file, which the server finds while it reads.
func TestQueryThatFailsOnTheCluster(t *testing.T) {
	c := connect(t)
	path := filepath.Join(t.TempDir(), "damaged.parquet")
	if err := small(t).SaveParquet(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4; i < 40; i++ {
		content[i] ^= 0x55
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := c.ScanParquet(path).GroupBy("key").Agg(t.Context(), table.Max("x"), table.Min("n"))
	if err == nil {
		t.Fatalf("%v", got)
	}
	if !strings.Contains(err.Error(), "group by key") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%q", err)
	}
}

// multiplied is a query of rows × 1,000,000 rows that are made one by one: between two of them a task sees that it is to end.
func multiplied(t *testing.T, c *spark.Cluster, rows int) spark.Frame {
	t.Helper()
	ones := func(rows int) spark.Frame {
		b := table.NewBuilder()
		keys := b.Ints("key")
		for range rows {
			keys.Append(1)
		}
		tab, err := b.Table()
		if err != nil {
			t.Fatal(err)
		}
		return c.FromTable(tab)
	}
	return ones(rows).Join(ones(1000), "key").Join(ones(1000), "key")
}

// endless is a query that takes any machine very long.
func endless(t *testing.T, c *spark.Cluster) spark.Frame {
	t.Helper()
	return multiplied(t, c, 300_000)
}

// whenUnderWay returns an option that calls do when the server says twice, one after the other, that the same tasks are at
// work. Spark itself loses an interrupt that comes while it submits a stage, and runs that to its end.
func whenUnderWay(do func()) spark.Option {
	var mu sync.Mutex
	var last progress.Report
	called := false
	return spark.Progress(func(r progress.Report) {
		mu.Lock()
		defer mu.Unlock()
		same := r.What == last.What && r.Done == last.Done && r.Total == last.Total
		last = r
		if !called && same && r.Done < r.Total {
			called = true
			do()
		}
	})
}

// TestContextEndsTheQueryOnTheServer cancels a query that would keep all cores for ever: the next one has them.
func TestContextEndsTheQueryOnTheServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := connect(t, whenUnderWay(cancel))
	_, err := endless(t, c).Rows(ctx)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "number of rows") {
		t.Errorf("cancelled: %v", err)
	}
	soon, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	if n, err := c.FromTable(small(t)).Rows(soon); n != 8 || err != nil {
		t.Errorf("after it: %d, %v", n, err)
	}
	short, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if _, err := multiplied(t, c, 100).Rows(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
}

func TestServerGoneInTheMiddle(t *testing.T) {
	address(t) // without Java there is nothing to test
	s, err := sparkserver.Start(t.Context(), sparkserver.Options{Memory: "700m", Log: io.Discard, Env: []string{sparkserver.ShortLived}})
	needJava(t, err)
	var end sync.Once
	stop := func() { end.Do(s.Close) }
	defer stop()
	ended := make(chan struct{})
	var first sync.Once
	c, err := spark.Connect(t.Context(), s.Remote(), spark.Progress(func(r progress.Report) {
		if r.Total > 0 {
			first.Do(func() {
				go func() {
					stop()
					close(ended)
				}()
			})
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, when := range []string{"in the middle", "while it ends", "afterwards"} {
		if when == "afterwards" {
			<-ended
		}
		_, err := endless(t, c).Rows(t.Context())
		var told *spark.Error
		if !errors.As(err, &told) || told.Code != codes.Unavailable || !strings.Contains(err.Error(), "went away") {
			t.Errorf("%s: %v", when, err)
		}
		if token(s.Remote()) == "" || strings.Contains(err.Error(), token(s.Remote())) {
			t.Errorf("%s: the token stands in %v", when, err)
		}
	}
}

func token(address string) string { _, t, _ := strings.Cut(address, "token="); return t }

func TestTokenAndTLS(t *testing.T) {
	at := address(t)
	secret := token(at)
	const wrong = "0123456789abcdefghij"
	_, err := spark.Connect(t.Context(), strings.Replace(at, secret, wrong, 1))
	if err == nil || strings.Contains(err.Error(), wrong) || !strings.Contains(err.Error(), "does not take the token") {
		t.Errorf("a wrong token: %v", err)
	}

	// The server speaks in clear text; in front of it stands one that encrypts, as at a provider.
	certificate, pool := selfSigned(t)
	place, _, _ := strings.Cut(strings.TrimPrefix(at, "sc://"), "/")
	proxy := encrypt(t, certificate, place)
	if c, err := spark.Connect(t.Context(), "sc://"+proxy+"/;use_ssl=true;token="+secret); err == nil {
		c.Close()
		t.Error("a certificate that nobody vouches for is taken")
	} else if strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("unknown certificate: %v", err)
	}
	c, err := spark.Connect(t.Context(), "sc://"+proxy+"/;token="+secret, spark.TLS(&tls.Config{RootCAs: pool}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := c.FromTable(small(t)).Rows(t.Context()); n != 8 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if strings.Contains(c.String(), secret) || !strings.Contains(c.String(), c.Version()) {
		t.Errorf("shown as %q", c)
	}
}

func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}, pool
}

// encrypt passes what comes over TLS on to place in clear text.
func encrypt(t *testing.T, certificate tls.Certificate, place string) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", place)
			if err != nil {
				in.Close()
				continue
			}
			go func() { _, _ = io.Copy(out, in); out.Close() }()
			go func() { _, _ = io.Copy(in, out); in.Close() }()
		}
	}()
	return l.Addr().String()
}
