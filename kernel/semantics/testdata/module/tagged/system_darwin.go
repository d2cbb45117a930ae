package tagged

// System is the system that this file is for.
func System() string { return "darwin" }
