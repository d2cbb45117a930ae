package jupyter

import "locuslab/kernel/jupyter/wire"

// beat sends back what it gets, so that a front end knows that the kernel lives.
func beat(c *wire.Conn) {
	for {
		frames, err := c.RecvFrames()
		if err != nil || c.SendFrames(frames) != nil {
			return
		}
	}
}
