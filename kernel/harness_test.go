package main_test

import (
	"testing"

	"locuslab/kernel/kerneltest"
)

func TestMain(m *testing.M) { kerneltest.Main(m) }
