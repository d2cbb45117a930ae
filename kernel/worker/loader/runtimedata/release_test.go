package runtimedata

import "testing"

func TestCheckRelease(t *testing.T) {
	for version, want := range map[string]bool{
		"go1.26": true, "go1.26.8": true, "go1.25.14": true, "go1.26.1 X:nodwarf5": true, "go1.27.3": true, "go1.26-custom": true,
		"go1.24.9": false, "go1.28": false, "go1.260": false, "devel go1.26-abc": false, "": false,
	} {
		if err := CheckRelease(version); (err == nil) != want {
			t.Errorf("%q: %v", version, err)
		}
	}
	if err := CheckRelease(Newest); err != nil {
		t.Error(err)
	}
}
