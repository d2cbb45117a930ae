package spark_test

import (
	"net"
	"strings"
	"testing"

	"locuslab/locuskit/spark"
)

// TestAddresses holds what is refused before anything is sent, with a message that keeps the token to itself.
func TestAddresses(t *testing.T) {
	const secret = "abcdefghijklmnop"
	for address, says := range map[string]string{
		"":                                         "SPARK_REMOTE is not set",
		"http://host:15002/;token=" + secret:       "begins with sc://",
		"sc://;token=" + secret:                    "a token goes behind them",
		"sc://" + secret + "@host:15002":           "a host and a port alone",
		"sc://host:99999/;token=" + secret:         "a port between 1 and 65535",
		"sc://host:" + secret + "/":                "a port between 1 and 65535",
		"sc:///;token=" + secret:                   "needs a host",
		"sc://host/path;token=" + secret:           "has a path",
		"sc://host/;token=" + secret + "%zz":       "not percent-encoded",
		"sc://host/;token=":                        "has no value",
		"sc://host/;use_ssl=no;token=" + secret:    "true or false",
		"sc://host/;use_ssl=false;token=" + secret: "in clear text",
	} {
		t.Setenv(spark.RemoteVariable, "")
		c, err := spark.Connect(t.Context(), address)
		if err == nil {
			c.Close()
			t.Errorf("%s is taken", address)
			continue
		}
		if !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v; want %q without the token", address, err, says)
		}
	}
}

func TestNoServer(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	place := l.Addr().String()
	l.Close()
	t.Setenv(spark.RemoteVariable, "sc://"+place+"/;token=abcdefghijklmnop")
	_, err = spark.Connect(t.Context(), "")
	if err == nil || !strings.Contains(err.Error(), place) || !strings.Contains(err.Error(), "locus spark") || strings.Contains(err.Error(), "abcdefghijklmnop") {
		t.Errorf("%v", err)
	}
}
