package jupyter

// interrupt ends the running cell. The reply says that the interrupt was passed
// on; that the cell has ended is said by its own reply.
func (s *Server) interrupt(r request) {
	s.stdin.cancel()
	// Not awaited: a cell that is stuck in a library may need a second interrupt.
	s.wg.Go(s.handler.Interrupt)
	s.reply(r, "interrupt_reply", ok{"ok"})
}
