package spark_test

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"

	"locuslab/locuskit/locus/sparkserver"
	"locuslab/locuskit/spark"
)

// One server is started for all tests, by the first that needs it.
var shared struct {
	once   sync.Once
	server *sparkserver.Server
	err    error
}

func TestMain(m *testing.M) {
	status := m.Run()
	if shared.server != nil {
		shared.server.Close()
	}
	os.Exit(status)
}

// address is where a server runs that other tests use too. Without Java the test is skipped, but in CI.
func address(t testing.TB) string {
	t.Helper()
	shared.once.Do(func() {
		if at := os.Getenv("LOCUSLAB_TEST_SPARK"); at != "" { // while tests are written
			return
		}
		shared.server, shared.err = sparkserver.Start(context.Background(), sparkserver.Options{Memory: "1g", Log: os.Stderr, Env: []string{sparkserver.ShortLived}})
	})
	if at := os.Getenv("LOCUSLAB_TEST_SPARK"); at != "" {
		return at
	}
	needJava(t, shared.err)
	return shared.server.Remote()
}

// needJava fails a test that got an error, or skips it where the error is that there is no Java.
func needJava(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, sparkserver.ErrNoJava) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func connect(t testing.TB, opts ...spark.Option) *spark.Cluster {
	t.Helper()
	c, err := spark.Connect(t.Context(), address(t), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}
