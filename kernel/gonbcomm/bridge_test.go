package gonbcomm_test

import (
	"encoding/json"
	"regexp"
	"testing"

	"locuslab/kernel/comm"
	"locuslab/kernel/gonbcomm"
)

// A receipt comes from the page that is connected, each by its number.
func TestReceipt(t *testing.T) {
	router := comm.NewRouter()
	router.Attach(func(comm.Message) {})
	b := gonbcomm.New(router, "a kernel")
	send := regexp.MustCompile(`^<script>globalThis\.gonb_comm\?\.send\("(.+)", (\d+)\)</script>$`)
	receipt := func() (comm.Message, <-chan struct{}) {
		html, received := b.Receipt()
		found := send.FindStringSubmatch(html)
		if found == nil {
			t.Fatalf("receipt %s", html)
		}
		data, err := json.Marshal(map[string]any{"address": found[1], "value": json.RawMessage(found[2])})
		if err != nil {
			t.Fatal(err)
		}
		return comm.Message{Kind: comm.Data, ID: "page", Data: data}, received
	}
	came := func(received <-chan struct{}) bool {
		select {
		case <-received:
			return true
		default:
			return false
		}
	}
	router.Receive(comm.Message{Kind: comm.Open, ID: "page", Target: gonbcomm.Target})
	first, firstCame := receipt()
	second, secondCame := receipt()
	router.Receive(second)
	router.Receive(second) // a page that shows an output twice
	if came(firstCame) || !came(secondCame) {
		t.Error("the second receipt was sent, and not taken for it")
	}
	router.Receive(comm.Message{Kind: comm.Open, ID: "another page", Target: gonbcomm.Target})
	router.Receive(first)
	if came(firstCame) {
		t.Error("the page that is no longer connected was believed")
	}
	first.ID = "another page"
	router.Receive(first)
	if !came(firstCame) {
		t.Error("the first receipt was sent, and did not come")
	}
}
