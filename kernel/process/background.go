package process

// Background runs do in a goroutine whose child processes yield the processor to
// others, and closes what it returns when it is done.
func Background(do func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		lower()
		do()
	}()
	return done
}
