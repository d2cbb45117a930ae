package large

import "syscall"

// adviseHugePages has the kernel back b with huge pages as b is first written, where it is
// set up to do so on request, as most distributions have it.
func adviseHugePages(b []byte) { _ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) }
