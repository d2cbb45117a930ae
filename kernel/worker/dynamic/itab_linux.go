package dynamic

/*
#cgo CFLAGS: -D_GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct { uintptr_t *slots; long n; uintptr_t lo, hi; } itab_slots;

// find_itab_slots lists the words of a loaded object that the dynamic linker
// filled with the address of an itab, and the range that it made read-only
// afterwards (RELRO), widened to pages.
static long find_itab_slots(void *h, uintptr_t *slots, long max, uintptr_t *lo, uintptr_t *hi) {
	struct link_map *lm;
	if (dlinfo(h, RTLD_DI_LINKMAP, &lm)) return 0;
	ElfW(Rela) *rela = 0; ElfW(Sym) *syms = 0; const char *names = 0; long n = 0, found = 0;
	for (ElfW(Dyn) *d = lm->l_ld; d->d_tag; d++) switch (d->d_tag) {
		case DT_RELA: rela = (void *)d->d_un.d_ptr; break;
		case DT_RELASZ: n = d->d_un.d_val / sizeof *rela; break;
		case DT_SYMTAB: syms = (void *)d->d_un.d_ptr; break;
		case DT_STRTAB: names = (void *)d->d_un.d_ptr; break;
	}
	for (long i = 0; i < n; i++) {
		long s = ELF64_R_SYM(rela[i].r_info);
		if (!s || rela[i].r_addend) continue;
		if (strncmp(names + syms[s].st_name, "go:itab.", 8)) continue;
		if (found < max) slots[found] = lm->l_addr + rela[i].r_offset;
		found++;
	}
	*lo = *hi = 0;
	ElfW(Ehdr) *eh = (void *)lm->l_addr;
	ElfW(Phdr) *ph = (void *)(lm->l_addr + eh->e_phoff);
	uintptr_t page = sysconf(_SC_PAGESIZE);
	for (int i = 0; i < eh->e_phnum; i++) if (ph[i].p_type == PT_GNU_RELRO) {
		*lo = (lm->l_addr + ph[i].p_vaddr) & -page;
		*hi = (lm->l_addr + ph[i].p_vaddr + ph[i].p_memsz) & -page;
	}
	return found;
}

static int protect(uintptr_t lo, uintptr_t hi, int writable) {
	return mprotect((void *)lo, hi - lo, writable ? PROT_READ | PROT_WRITE : PROT_READ);
}
*/
import "C"

import "unsafe"

//go:linkname getitab runtime.getitab
func getitab(inter, typ unsafe.Pointer, canfail bool) unsafe.Pointer

// An itab's first words, as package internal/abi lays them out.
type itab struct {
	inter, typ unsafe.Pointer
	hash       uint32
}

// oneItab makes a new module use the itabs that the process already has.
//
// The runtime compares itabs by address where it compares interface types, but
// a pair of interface and type may have an itab made at run time by an earlier
// cell and another one in the new module: sh.(T), a type switch and even
// sh == s2 would be false (go.dev/issue/48532). It runs between the module's
// registration and its initialisers, when no code of it has run yet. Itabs made
// at run time have no hash, which type switches of compiled code need: they get
// it here. The pages that were read-only are so again afterwards.
func oneItab(handle unsafe.Pointer) {
	var lo, hi C.uintptr_t
	n := C.find_itab_slots(handle, nil, 0, &lo, &hi)
	if n == 0 {
		return
	}
	slots := make([]C.uintptr_t, n)
	C.find_itab_slots(handle, &slots[0], n, &lo, &hi)
	writable := lo == hi
	for _, s := range slots {
		slot := (*unsafe.Pointer)(unsafe.Add(unsafe.Pointer(nil), uintptr(s)))
		own := (*itab)(*slot)
		if own == nil {
			continue
		}
		first := (*itab)(getitab(own.inter, own.typ, true))
		if first == nil || first == own {
			continue
		}
		if first.hash != own.hash {
			first.hash = own.hash
		}
		if !writable && s >= lo && s < hi {
			if C.protect(lo, hi, 1) != 0 {
				return
			}
			writable = true
			defer C.protect(lo, hi, 0)
		}
		*slot = unsafe.Pointer(first)
	}
}
