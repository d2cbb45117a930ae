package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/sirupsen/logrus"
)

func main() {
	log := logrus.New()
	log.SetOutput(os.Stdout)
	log.SetFormatter(&logrus.TextFormatter{DisableTimestamp: true, DisableColors: true})
	registry := prometheus.NewRegistry()
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_total", Help: "Requests."}, []string{"code"})
	sizes := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "size_bytes", Help: "Sizes.", Buckets: prometheus.ExponentialBuckets(1, 10, 4)})
	registry.MustRegister(requests, sizes)
	log.WithError(registry.Register(requests)).WithField("again", true).Warn("registered")
	for i := range 100 {
		requests.WithLabelValues(fmt.Sprint(200 + i%2*204)).Inc()
		sizes.Observe(float64(i * i))
	}
	server := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true}))
	defer server.Close()
	answer, err := http.Get(server.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	fmt.Println(string(text), err)
	log.SetFormatter(&logrus.JSONFormatter{DisableTimestamp: true})
	log.WithFields(logrus.Fields{"n": 3, "ok": true}).Info("done")
}
