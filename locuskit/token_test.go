package locuskit_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"locuslab/locuskit"
)

const secret = "eyJhbGciOi.a-token.nobody-may-see"

func TestTokenIsShownNowhere(t *testing.T) {
	var log bytes.Buffer
	status := http.StatusServiceUnavailable
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message":"token %s is not welcome"}`, r.Header.Get("eq-api-jwt"))
	})
	c := dial(t, url, secret, locuskit.WithLogger(slog.New(slog.NewJSONHandler(&log, nil))))
	var shown []string
	for _, status = range []int{503, 401, 400} {
		_, err := c.Whitelabels(t.Context())
		if err == nil {
			t.Fatal("no error")
		}
		shown = append(shown, err.Error(), fmt.Sprintf("%+v %#v", err, err))
	}
	if !strings.Contains(log.String(), "asking again") {
		t.Error("nothing was logged")
	}
	slog.New(slog.NewJSONHandler(&log, nil)).Info("client", "it", c, "copy", *c)
	shown = append(shown, log.String(), fmt.Sprint(c), fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c),
		fmt.Sprintf("%+v %#v", *c, *c), fmt.Sprintf("%+v", struct{ C *locuskit.Client }{c}))
	for _, text := range shown {
		if strings.Contains(text, secret) {
			t.Errorf("the token is in %s", text)
		}
	}
}

func TestRedirectToAnotherHostDoesNotCarryTheToken(t *testing.T) {
	var there []string
	other := answering(t, func(w http.ResponseWriter, r *http.Request) {
		there = append(there, r.Header.Get("eq-api-jwt"))
		w.Write([]byte("[]"))
	})
	var here []string
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		here = append(here, r.Header.Get("eq-api-jwt"))
		http.Redirect(w, r, other+"/elsewhere", http.StatusTemporaryRedirect)
	})
	for name, h := range map[string]*http.Client{"own client": nil, "given client": {}} {
		here, there = nil, nil
		if _, err := dial(t, url, secret, locuskit.WithHTTPClient(h)).Whitelabels(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(here) != 1 || here[0] != secret || len(there) != 1 || there[0] != "" {
			t.Errorf("%s: token sent here %q, there %q", name, here, there)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestNewRefuses(t *testing.T) {
	t.Setenv("API_TOKEN", "")
	t.Setenv("LOCUS_URL", "")
	for name, c := range map[string]struct {
		opts      []locuskit.Option
		complaint string
	}{
		"no token":       {nil, "API_TOKEN"},
		"broken token":   {[]locuskit.Option{locuskit.WithToken(secret + "\n" + secret)}, "line break"},
		"no scheme":      {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("api.locus.place")}, "LOCUS_URL"},
		"not HTTP":       {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("ftp://a/b")}, "LOCUS_URL"},
		"password":       {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("http://u:" + secret + "@a/")}, "password"},
		"not an address": {[]locuskit.Option{locuskit.WithToken(secret), locuskit.WithURL("http://[")}, "LOCUS_URL"},
	} {
		_, err := locuskit.New(c.opts...)
		if err == nil || !strings.Contains(err.Error(), c.complaint) || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v, want a word about %q", name, err, c.complaint)
		}
	}
}

func TestNewReadsTheEnvironment(t *testing.T) {
	var got string
	url := answering(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("eq-api-jwt")
		w.Write([]byte("[]"))
	})
	t.Setenv("API_TOKEN", secret+"\n")
	t.Setenv("LOCUS_URL", url+"/prod/")
	c, err := locuskit.New()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Whitelabels(t.Context()); err != nil || got != secret {
		t.Errorf("sent %q, error %v", got, err)
	}
}
