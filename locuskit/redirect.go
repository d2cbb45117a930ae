package locuskit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// mostRedirects is how many answers to one request may point elsewhere.
const mostRedirects = 5

// follow sends a request, and on to where it is redirected. The token and the client's headers go to the
// service alone: net/http would drop an Authorization header on the way to another host, but knows nothing of the
// service's. The answer beside an error is one that points nowhere, its body closed.
func (c *Client) follow(ctx context.Context, to *url.URL) (*http.Response, error) {
	var via []*http.Request
	var last *http.Response
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
		if err != nil {
			return nil, err
		}
		if to.Host == c.base.Host && to.Scheme == c.base.Scheme {
			for name, values := range c.header {
				req.Header[name] = values
			}
			req.Header.Set(tokenHeader, c.token())
			c.propagate(ctx, req.Header)
		}
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Accept-Encoding", acceptEncoding)
		if c.redirected != nil && len(via) > 0 {
			req.Response = last
			if err := c.redirected(req, via); err != nil {
				return last, fmt.Errorf("redirect to %s is refused by the http.Client that locuskit.WithHTTPClient gave: %w", to, err)
			}
		}
		resp, err := c.http.Do(req)
		if err != nil {
			var wrapped *url.Error // repeats method and address, which Error has
			if errors.As(err, &wrapped) {
				err = wrapped.Err
			}
			if len(via) > 0 {
				err = fmt.Errorf("redirected to %s: %w", to, err)
			}
			return nil, err
		}
		if !redirects(resp) {
			return resp, nil
		}
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
		resp.Body.Close()
		via, last = append(via, req), resp
		if len(via) > mostRedirects {
			return resp, fmt.Errorf("stopped after %d redirects, the last to %s", mostRedirects, to)
		}
		if to, err = target(resp); err != nil {
			return resp, err
		}
	}
}

// target returns where an answer points.
func target(resp *http.Response) (*url.URL, error) {
	at := resp.Header.Get(movedTo)
	if at == "" {
		return nil, errors.New("redirect without a Location")
	}
	to, err := resp.Request.URL.Parse(at)
	if err == nil {
		err = reachable(to)
	}
	if err != nil {
		return nil, fmt.Errorf("redirect to %q: %w", at, err)
	}
	return to, nil
}

// movedTo is where an answer's Location is kept from net/http, which would follow it, and whose errors about one that
// leads nowhere cannot be told from others.
const movedTo = "Locuskit-Moved-To"

func redirects(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// stayingTransport hides from an [http.Client] where its answers point.
type stayingTransport struct{ http.RoundTripper }

func staying(t http.RoundTripper) stayingTransport {
	if t == nil {
		t = http.DefaultTransport
	}
	return stayingTransport{t}
}

// RoundTrip implements [http.RoundTripper].
func (t stayingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.RoundTripper.RoundTrip(req)
	if err == nil && redirects(resp) {
		resp.Header.Set(movedTo, resp.Header.Get("Location"))
		resp.Header.Del("Location")
	}
	return resp, err
}

// CloseIdleConnections is what [http.Client.CloseIdleConnections] calls.
func (t stayingTransport) CloseIdleConnections() {
	if c, ok := t.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// reachable finds what no request can be sent to.
func reachable(at *url.URL) error {
	if at.Scheme != "http" && at.Scheme != "https" || at.Hostname() == "" {
		return errors.New("it is no address of the form http://host or https://host")
	}
	if port := at.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return fmt.Errorf("port %s is not from 1 to 65535", port)
		}
	}
	return nil
}
