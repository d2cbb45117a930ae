// Package memory is address space for cells: near the executable, because code reaches
// other code and data by distances that fit in an instruction, and reserved whole at the
// start, so that nothing that lies there ever moves. It also has the few ways to read,
// write and call by address that package unsafe leaves to its users.
//
// Nothing here checks an address. The package must not know what lies in the memory.
package memory
