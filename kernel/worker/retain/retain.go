//go:build amd64 || arm64

// Package retain makes the worker hold the functions that compiled code and assembly
// call without naming a Go package that exports them.
//
// The compiler turns parts of the language into calls of the runtime, println(err)
// into runtime.printeface. What no package of the worker uses, its linker would drop,
// and a cell that is the first to use it could not be linked against the worker. So
// every function that the compiler of this release may call stands here; a test of
// package build compares the list with the compiler's own. Left out is what only
// instrumented programs call (the race detector, sanitizers, fuzzing, coverage) and
// what machines without an FPU and WebAssembly need.
//
// Assembly calls functions in a convention of its own, by other symbols of the same
// names; those that packages outside of the standard library use are in retain.s.
//
// Only a worker links this package: the references need the linker's -checklinkname=0.
package retain

import _ "unsafe" // for go:linkname

func assembly()

// Functions makes the linker keep them.
func Functions() []any {
	return []any{
		assembly,
		KeepAlive_, assertE2I_, assertE2I2_, block_, c128equal_, c128hash_, c64equal_, c64hash_, cgoCheckMemmove_,
		cgoCheckPtrWrite_, chancap_, chanlen_, chanrecv1_, chanrecv2_, chansend1_, checkptrAlignment_,
		checkptrArithmetic_, closechan_, cmpstring_, complex128div_, concatbyte2_, concatbyte3_, concatbyte4_,
		concatbyte5_, concatbytes_, concatstring2_, concatstring3_, concatstring4_, concatstring5_, concatstrings_,
		convT_, convT16_, convT32_, convT64_, convTnoptr_, convTslice_, convTstring_, countrunes_, decoderune_,
		deferproc_, deferprocStack_, deferprocat_, deferrangefunc_, deferreturn_, efaceeq_, f32equal_, f32hash_,
		f64equal_, f64hash_, gcWriteBarrier1_, gcWriteBarrier2_, gcWriteBarrier3_, gcWriteBarrier4_,
		gcWriteBarrier5_, gcWriteBarrier6_, gcWriteBarrier7_, gcWriteBarrier8_, gopanic_, gorecover_,
		goschedguarded_, growslice_, growsliceBuf_, growsliceBufNoAlias_, growsliceNoAlias_, fmax32_, fmax64_, fmin32_, fmin64_, ifaceeq_, interequal_,
		interfaceSwitch_, interhash_, intstring_, makechan_, makechan64_, makemap_, makemap64_, makemap_small_,
		makeslice_, makeslice64_, makeslicecopy_, mallocgc_, mallocgcSmallNoScanSC10_, mallocgcSmallNoScanSC11_,
		mallocgcSmallNoScanSC12_, mallocgcSmallNoScanSC13_, mallocgcSmallNoScanSC14_, mallocgcSmallNoScanSC15_,
		mallocgcSmallNoScanSC16_, mallocgcSmallNoScanSC17_, mallocgcSmallNoScanSC18_, mallocgcSmallNoScanSC19_,
		mallocgcSmallNoScanSC2_, mallocgcSmallNoScanSC20_, mallocgcSmallNoScanSC21_, mallocgcSmallNoScanSC22_,
		mallocgcSmallNoScanSC23_, mallocgcSmallNoScanSC24_, mallocgcSmallNoScanSC25_, mallocgcSmallNoScanSC26_,
		mallocgcSmallNoScanSC3_, mallocgcSmallNoScanSC4_, mallocgcSmallNoScanSC5_, mallocgcSmallNoScanSC6_,
		mallocgcSmallNoScanSC7_, mallocgcSmallNoScanSC8_, mallocgcSmallNoScanSC9_, mallocgcSmallScanNoHeaderSC1_,
		mallocgcSmallScanNoHeaderSC10_, mallocgcSmallScanNoHeaderSC11_, mallocgcSmallScanNoHeaderSC12_,
		mallocgcSmallScanNoHeaderSC13_, mallocgcSmallScanNoHeaderSC14_, mallocgcSmallScanNoHeaderSC15_,
		mallocgcSmallScanNoHeaderSC16_, mallocgcSmallScanNoHeaderSC17_, mallocgcSmallScanNoHeaderSC18_,
		mallocgcSmallScanNoHeaderSC19_, mallocgcSmallScanNoHeaderSC2_, mallocgcSmallScanNoHeaderSC20_,
		mallocgcSmallScanNoHeaderSC21_, mallocgcSmallScanNoHeaderSC22_, mallocgcSmallScanNoHeaderSC23_,
		mallocgcSmallScanNoHeaderSC24_, mallocgcSmallScanNoHeaderSC25_, mallocgcSmallScanNoHeaderSC26_,
		mallocgcSmallScanNoHeaderSC3_, mallocgcSmallScanNoHeaderSC4_, mallocgcSmallScanNoHeaderSC5_,
		mallocgcSmallScanNoHeaderSC6_, mallocgcSmallScanNoHeaderSC7_, mallocgcSmallScanNoHeaderSC8_,
		mallocgcSmallScanNoHeaderSC9_, mallocgcTinySize1_, mallocgcTinySize10_, mallocgcTinySize11_,
		mallocgcTinySize12_, mallocgcTinySize13_, mallocgcTinySize14_, mallocgcTinySize15_, mallocgcTinySize2_,
		mallocgcTinySize3_, mallocgcTinySize4_, mallocgcTinySize5_, mallocgcTinySize6_, mallocgcTinySize7_,
		mallocgcTinySize8_, mallocgcTinySize9_, mapIterNext_, mapIterStart_, mapaccess1_, mapaccess1_fast32_,
		mapaccess1_fast64_, mapaccess1_faststr_, mapaccess1_fat_, mapaccess2_, mapaccess2_fast32_,
		mapaccess2_fast64_, mapaccess2_faststr_, mapaccess2_fat_, mapassign_, mapassign_fast32_,
		mapassign_fast32ptr_, mapassign_fast64_, mapassign_fast64ptr_, mapassign_faststr_, mapclear_, mapdelete_,
		mapdelete_fast32_, mapdelete_fast64_, mapdelete_faststr_, memclrHasPointers_, memclrNoHeapPointers_,
		memequal_, memequal0_, memequal128_, memequal16_, memequal32_, memequal64_, memequal8_, memequal_varlen_,
		memhash_, memhash0_, memhash128_, memhash16_, memhash32_, memhash64_, memhash8_, memhash_varlen_, memmove_,
		moveSlice_, moveSliceNoCap_, moveSliceNoCapNoScan_, moveSliceNoScan_, newobject_, newproc_, nilinterequal_,
		nilinterhash_, panicBounds_, panicSimdImm_, panicdivide_, panicdottypeE_, panicdottypeI_,
		panicmakeslicecap_, panicmakeslicelen_, panicnildottype_, panicoverflow_, panicrangestate_, panicshift_,
		panicunsafeslicelen_, panicunsafeslicenilptr_, panicunsafestringlen_, panicunsafestringnilptr_, panicwrap_,
		printbool_, printcomplex128_, printcomplex64_, printeface_, printfloat32_, printfloat64_, printhex_,
		printiface_, printint_, printlock_, printnl_, printpointer_, printquoted_, printslice_, printsp_,
		printstring_, printuint_, printuintptr_, printunlock_, rand_, rand32_, selectgo_, selectnbrecv_,
		selectnbsend_, selectsetpc_, sigpanic_, slicebytetostring_, slicebytetostringtmp_, slicecopy_,
		slicerunetostring_, strequal_, strhash_, strmax_, strmin_, stringtoslicebyte_, stringtoslicerune_, typeAssert_, typedmemclr_,
		typedmemmove_, typedslicecopy_, unsafeslicecheckptr_, unsafestringcheckptr_, wbMove_, wbZero_,
	}
}

//go:linkname KeepAlive_ runtime.KeepAlive
func KeepAlive_()

//go:linkname assertE2I_ runtime.assertE2I
func assertE2I_()

//go:linkname assertE2I2_ runtime.assertE2I2
func assertE2I2_()

//go:linkname block_ runtime.block
func block_()

//go:linkname c128equal_ runtime.c128equal
func c128equal_()

//go:linkname c128hash_ runtime.c128hash
func c128hash_()

//go:linkname c64equal_ runtime.c64equal
func c64equal_()

//go:linkname c64hash_ runtime.c64hash
func c64hash_()

//go:linkname cgoCheckMemmove_ runtime.cgoCheckMemmove
func cgoCheckMemmove_()

//go:linkname cgoCheckPtrWrite_ runtime.cgoCheckPtrWrite
func cgoCheckPtrWrite_()

//go:linkname chancap_ runtime.chancap
func chancap_()

//go:linkname chanlen_ runtime.chanlen
func chanlen_()

//go:linkname chanrecv1_ runtime.chanrecv1
func chanrecv1_()

//go:linkname chanrecv2_ runtime.chanrecv2
func chanrecv2_()

//go:linkname chansend1_ runtime.chansend1
func chansend1_()

//go:linkname checkptrAlignment_ runtime.checkptrAlignment
func checkptrAlignment_()

//go:linkname checkptrArithmetic_ runtime.checkptrArithmetic
func checkptrArithmetic_()

//go:linkname closechan_ runtime.closechan
func closechan_()

//go:linkname cmpstring_ runtime.cmpstring
func cmpstring_()

//go:linkname complex128div_ runtime.complex128div
func complex128div_()

//go:linkname concatbyte2_ runtime.concatbyte2
func concatbyte2_()

//go:linkname concatbyte3_ runtime.concatbyte3
func concatbyte3_()

//go:linkname concatbyte4_ runtime.concatbyte4
func concatbyte4_()

//go:linkname concatbyte5_ runtime.concatbyte5
func concatbyte5_()

//go:linkname concatbytes_ runtime.concatbytes
func concatbytes_()

//go:linkname concatstring2_ runtime.concatstring2
func concatstring2_()

//go:linkname concatstring3_ runtime.concatstring3
func concatstring3_()

//go:linkname concatstring4_ runtime.concatstring4
func concatstring4_()

//go:linkname concatstring5_ runtime.concatstring5
func concatstring5_()

//go:linkname concatstrings_ runtime.concatstrings
func concatstrings_()

//go:linkname convT_ runtime.convT
func convT_()

//go:linkname convT16_ runtime.convT16
func convT16_()

//go:linkname convT32_ runtime.convT32
func convT32_()

//go:linkname convT64_ runtime.convT64
func convT64_()

//go:linkname convTnoptr_ runtime.convTnoptr
func convTnoptr_()

//go:linkname convTslice_ runtime.convTslice
func convTslice_()

//go:linkname convTstring_ runtime.convTstring
func convTstring_()

//go:linkname countrunes_ runtime.countrunes
func countrunes_()

//go:linkname decoderune_ runtime.decoderune
func decoderune_()

//go:linkname deferproc_ runtime.deferproc
func deferproc_()

//go:linkname deferprocStack_ runtime.deferprocStack
func deferprocStack_()

//go:linkname deferprocat_ runtime.deferprocat
func deferprocat_()

//go:linkname deferrangefunc_ runtime.deferrangefunc
func deferrangefunc_()

//go:linkname deferreturn_ runtime.deferreturn
func deferreturn_()

//go:linkname efaceeq_ runtime.efaceeq
func efaceeq_()

//go:linkname f32equal_ runtime.f32equal
func f32equal_()

//go:linkname f32hash_ runtime.f32hash
func f32hash_()

//go:linkname f64equal_ runtime.f64equal
func f64equal_()

//go:linkname f64hash_ runtime.f64hash
func f64hash_()

//go:linkname fmax32_ runtime.fmax32
func fmax32_()

//go:linkname fmax64_ runtime.fmax64
func fmax64_()

//go:linkname fmin32_ runtime.fmin32
func fmin32_()

//go:linkname fmin64_ runtime.fmin64
func fmin64_()

//go:linkname gcWriteBarrier1_ runtime.gcWriteBarrier1
func gcWriteBarrier1_()

//go:linkname gcWriteBarrier2_ runtime.gcWriteBarrier2
func gcWriteBarrier2_()

//go:linkname gcWriteBarrier3_ runtime.gcWriteBarrier3
func gcWriteBarrier3_()

//go:linkname gcWriteBarrier4_ runtime.gcWriteBarrier4
func gcWriteBarrier4_()

//go:linkname gcWriteBarrier5_ runtime.gcWriteBarrier5
func gcWriteBarrier5_()

//go:linkname gcWriteBarrier6_ runtime.gcWriteBarrier6
func gcWriteBarrier6_()

//go:linkname gcWriteBarrier7_ runtime.gcWriteBarrier7
func gcWriteBarrier7_()

//go:linkname gcWriteBarrier8_ runtime.gcWriteBarrier8
func gcWriteBarrier8_()

//go:linkname gopanic_ runtime.gopanic
func gopanic_()

//go:linkname gorecover_ runtime.gorecover
func gorecover_()

//go:linkname goschedguarded_ runtime.goschedguarded
func goschedguarded_()

//go:linkname growslice_ runtime.growslice
func growslice_()

//go:linkname growsliceBuf_ runtime.growsliceBuf
func growsliceBuf_()

//go:linkname growsliceBufNoAlias_ runtime.growsliceBufNoAlias
func growsliceBufNoAlias_()

//go:linkname growsliceNoAlias_ runtime.growsliceNoAlias
func growsliceNoAlias_()

//go:linkname ifaceeq_ runtime.ifaceeq
func ifaceeq_()

//go:linkname interequal_ runtime.interequal
func interequal_()

//go:linkname interfaceSwitch_ runtime.interfaceSwitch
func interfaceSwitch_()

//go:linkname interhash_ runtime.interhash
func interhash_()

//go:linkname intstring_ runtime.intstring
func intstring_()

//go:linkname makechan_ runtime.makechan
func makechan_()

//go:linkname makechan64_ runtime.makechan64
func makechan64_()

//go:linkname makemap_ runtime.makemap
func makemap_()

//go:linkname makemap64_ runtime.makemap64
func makemap64_()

//go:linkname makemap_small_ runtime.makemap_small
func makemap_small_()

//go:linkname makeslice_ runtime.makeslice
func makeslice_()

//go:linkname makeslice64_ runtime.makeslice64
func makeslice64_()

//go:linkname makeslicecopy_ runtime.makeslicecopy
func makeslicecopy_()

//go:linkname mallocgc_ runtime.mallocgc
func mallocgc_()

//go:linkname mallocgcSmallNoScanSC10_ runtime.mallocgcSmallNoScanSC10
func mallocgcSmallNoScanSC10_()

//go:linkname mallocgcSmallNoScanSC11_ runtime.mallocgcSmallNoScanSC11
func mallocgcSmallNoScanSC11_()

//go:linkname mallocgcSmallNoScanSC12_ runtime.mallocgcSmallNoScanSC12
func mallocgcSmallNoScanSC12_()

//go:linkname mallocgcSmallNoScanSC13_ runtime.mallocgcSmallNoScanSC13
func mallocgcSmallNoScanSC13_()

//go:linkname mallocgcSmallNoScanSC14_ runtime.mallocgcSmallNoScanSC14
func mallocgcSmallNoScanSC14_()

//go:linkname mallocgcSmallNoScanSC15_ runtime.mallocgcSmallNoScanSC15
func mallocgcSmallNoScanSC15_()

//go:linkname mallocgcSmallNoScanSC16_ runtime.mallocgcSmallNoScanSC16
func mallocgcSmallNoScanSC16_()

//go:linkname mallocgcSmallNoScanSC17_ runtime.mallocgcSmallNoScanSC17
func mallocgcSmallNoScanSC17_()

//go:linkname mallocgcSmallNoScanSC18_ runtime.mallocgcSmallNoScanSC18
func mallocgcSmallNoScanSC18_()

//go:linkname mallocgcSmallNoScanSC19_ runtime.mallocgcSmallNoScanSC19
func mallocgcSmallNoScanSC19_()

//go:linkname mallocgcSmallNoScanSC2_ runtime.mallocgcSmallNoScanSC2
func mallocgcSmallNoScanSC2_()

//go:linkname mallocgcSmallNoScanSC20_ runtime.mallocgcSmallNoScanSC20
func mallocgcSmallNoScanSC20_()

//go:linkname mallocgcSmallNoScanSC21_ runtime.mallocgcSmallNoScanSC21
func mallocgcSmallNoScanSC21_()

//go:linkname mallocgcSmallNoScanSC22_ runtime.mallocgcSmallNoScanSC22
func mallocgcSmallNoScanSC22_()

//go:linkname mallocgcSmallNoScanSC23_ runtime.mallocgcSmallNoScanSC23
func mallocgcSmallNoScanSC23_()

//go:linkname mallocgcSmallNoScanSC24_ runtime.mallocgcSmallNoScanSC24
func mallocgcSmallNoScanSC24_()

//go:linkname mallocgcSmallNoScanSC25_ runtime.mallocgcSmallNoScanSC25
func mallocgcSmallNoScanSC25_()

//go:linkname mallocgcSmallNoScanSC26_ runtime.mallocgcSmallNoScanSC26
func mallocgcSmallNoScanSC26_()

//go:linkname mallocgcSmallNoScanSC3_ runtime.mallocgcSmallNoScanSC3
func mallocgcSmallNoScanSC3_()

//go:linkname mallocgcSmallNoScanSC4_ runtime.mallocgcSmallNoScanSC4
func mallocgcSmallNoScanSC4_()

//go:linkname mallocgcSmallNoScanSC5_ runtime.mallocgcSmallNoScanSC5
func mallocgcSmallNoScanSC5_()

//go:linkname mallocgcSmallNoScanSC6_ runtime.mallocgcSmallNoScanSC6
func mallocgcSmallNoScanSC6_()

//go:linkname mallocgcSmallNoScanSC7_ runtime.mallocgcSmallNoScanSC7
func mallocgcSmallNoScanSC7_()

//go:linkname mallocgcSmallNoScanSC8_ runtime.mallocgcSmallNoScanSC8
func mallocgcSmallNoScanSC8_()

//go:linkname mallocgcSmallNoScanSC9_ runtime.mallocgcSmallNoScanSC9
func mallocgcSmallNoScanSC9_()

//go:linkname mallocgcSmallScanNoHeaderSC1_ runtime.mallocgcSmallScanNoHeaderSC1
func mallocgcSmallScanNoHeaderSC1_()

//go:linkname mallocgcSmallScanNoHeaderSC10_ runtime.mallocgcSmallScanNoHeaderSC10
func mallocgcSmallScanNoHeaderSC10_()

//go:linkname mallocgcSmallScanNoHeaderSC11_ runtime.mallocgcSmallScanNoHeaderSC11
func mallocgcSmallScanNoHeaderSC11_()

//go:linkname mallocgcSmallScanNoHeaderSC12_ runtime.mallocgcSmallScanNoHeaderSC12
func mallocgcSmallScanNoHeaderSC12_()

//go:linkname mallocgcSmallScanNoHeaderSC13_ runtime.mallocgcSmallScanNoHeaderSC13
func mallocgcSmallScanNoHeaderSC13_()

//go:linkname mallocgcSmallScanNoHeaderSC14_ runtime.mallocgcSmallScanNoHeaderSC14
func mallocgcSmallScanNoHeaderSC14_()

//go:linkname mallocgcSmallScanNoHeaderSC15_ runtime.mallocgcSmallScanNoHeaderSC15
func mallocgcSmallScanNoHeaderSC15_()

//go:linkname mallocgcSmallScanNoHeaderSC16_ runtime.mallocgcSmallScanNoHeaderSC16
func mallocgcSmallScanNoHeaderSC16_()

//go:linkname mallocgcSmallScanNoHeaderSC17_ runtime.mallocgcSmallScanNoHeaderSC17
func mallocgcSmallScanNoHeaderSC17_()

//go:linkname mallocgcSmallScanNoHeaderSC18_ runtime.mallocgcSmallScanNoHeaderSC18
func mallocgcSmallScanNoHeaderSC18_()

//go:linkname mallocgcSmallScanNoHeaderSC19_ runtime.mallocgcSmallScanNoHeaderSC19
func mallocgcSmallScanNoHeaderSC19_()

//go:linkname mallocgcSmallScanNoHeaderSC2_ runtime.mallocgcSmallScanNoHeaderSC2
func mallocgcSmallScanNoHeaderSC2_()

//go:linkname mallocgcSmallScanNoHeaderSC20_ runtime.mallocgcSmallScanNoHeaderSC20
func mallocgcSmallScanNoHeaderSC20_()

//go:linkname mallocgcSmallScanNoHeaderSC21_ runtime.mallocgcSmallScanNoHeaderSC21
func mallocgcSmallScanNoHeaderSC21_()

//go:linkname mallocgcSmallScanNoHeaderSC22_ runtime.mallocgcSmallScanNoHeaderSC22
func mallocgcSmallScanNoHeaderSC22_()

//go:linkname mallocgcSmallScanNoHeaderSC23_ runtime.mallocgcSmallScanNoHeaderSC23
func mallocgcSmallScanNoHeaderSC23_()

//go:linkname mallocgcSmallScanNoHeaderSC24_ runtime.mallocgcSmallScanNoHeaderSC24
func mallocgcSmallScanNoHeaderSC24_()

//go:linkname mallocgcSmallScanNoHeaderSC25_ runtime.mallocgcSmallScanNoHeaderSC25
func mallocgcSmallScanNoHeaderSC25_()

//go:linkname mallocgcSmallScanNoHeaderSC26_ runtime.mallocgcSmallScanNoHeaderSC26
func mallocgcSmallScanNoHeaderSC26_()

//go:linkname mallocgcSmallScanNoHeaderSC3_ runtime.mallocgcSmallScanNoHeaderSC3
func mallocgcSmallScanNoHeaderSC3_()

//go:linkname mallocgcSmallScanNoHeaderSC4_ runtime.mallocgcSmallScanNoHeaderSC4
func mallocgcSmallScanNoHeaderSC4_()

//go:linkname mallocgcSmallScanNoHeaderSC5_ runtime.mallocgcSmallScanNoHeaderSC5
func mallocgcSmallScanNoHeaderSC5_()

//go:linkname mallocgcSmallScanNoHeaderSC6_ runtime.mallocgcSmallScanNoHeaderSC6
func mallocgcSmallScanNoHeaderSC6_()

//go:linkname mallocgcSmallScanNoHeaderSC7_ runtime.mallocgcSmallScanNoHeaderSC7
func mallocgcSmallScanNoHeaderSC7_()

//go:linkname mallocgcSmallScanNoHeaderSC8_ runtime.mallocgcSmallScanNoHeaderSC8
func mallocgcSmallScanNoHeaderSC8_()

//go:linkname mallocgcSmallScanNoHeaderSC9_ runtime.mallocgcSmallScanNoHeaderSC9
func mallocgcSmallScanNoHeaderSC9_()

//go:linkname mallocgcTinySize1_ runtime.mallocgcTinySize1
func mallocgcTinySize1_()

//go:linkname mallocgcTinySize10_ runtime.mallocgcTinySize10
func mallocgcTinySize10_()

//go:linkname mallocgcTinySize11_ runtime.mallocgcTinySize11
func mallocgcTinySize11_()

//go:linkname mallocgcTinySize12_ runtime.mallocgcTinySize12
func mallocgcTinySize12_()

//go:linkname mallocgcTinySize13_ runtime.mallocgcTinySize13
func mallocgcTinySize13_()

//go:linkname mallocgcTinySize14_ runtime.mallocgcTinySize14
func mallocgcTinySize14_()

//go:linkname mallocgcTinySize15_ runtime.mallocgcTinySize15
func mallocgcTinySize15_()

//go:linkname mallocgcTinySize2_ runtime.mallocgcTinySize2
func mallocgcTinySize2_()

//go:linkname mallocgcTinySize3_ runtime.mallocgcTinySize3
func mallocgcTinySize3_()

//go:linkname mallocgcTinySize4_ runtime.mallocgcTinySize4
func mallocgcTinySize4_()

//go:linkname mallocgcTinySize5_ runtime.mallocgcTinySize5
func mallocgcTinySize5_()

//go:linkname mallocgcTinySize6_ runtime.mallocgcTinySize6
func mallocgcTinySize6_()

//go:linkname mallocgcTinySize7_ runtime.mallocgcTinySize7
func mallocgcTinySize7_()

//go:linkname mallocgcTinySize8_ runtime.mallocgcTinySize8
func mallocgcTinySize8_()

//go:linkname mallocgcTinySize9_ runtime.mallocgcTinySize9
func mallocgcTinySize9_()

//go:linkname mapIterNext_ runtime.mapIterNext
func mapIterNext_()

//go:linkname mapIterStart_ runtime.mapIterStart
func mapIterStart_()

//go:linkname mapaccess1_ runtime.mapaccess1
func mapaccess1_()

//go:linkname mapaccess1_fast32_ runtime.mapaccess1_fast32
func mapaccess1_fast32_()

//go:linkname mapaccess1_fast64_ runtime.mapaccess1_fast64
func mapaccess1_fast64_()

//go:linkname mapaccess1_faststr_ runtime.mapaccess1_faststr
func mapaccess1_faststr_()

//go:linkname mapaccess1_fat_ runtime.mapaccess1_fat
func mapaccess1_fat_()

//go:linkname mapaccess2_ runtime.mapaccess2
func mapaccess2_()

//go:linkname mapaccess2_fast32_ runtime.mapaccess2_fast32
func mapaccess2_fast32_()

//go:linkname mapaccess2_fast64_ runtime.mapaccess2_fast64
func mapaccess2_fast64_()

//go:linkname mapaccess2_faststr_ runtime.mapaccess2_faststr
func mapaccess2_faststr_()

//go:linkname mapaccess2_fat_ runtime.mapaccess2_fat
func mapaccess2_fat_()

//go:linkname mapassign_ runtime.mapassign
func mapassign_()

//go:linkname mapassign_fast32_ runtime.mapassign_fast32
func mapassign_fast32_()

//go:linkname mapassign_fast32ptr_ runtime.mapassign_fast32ptr
func mapassign_fast32ptr_()

//go:linkname mapassign_fast64_ runtime.mapassign_fast64
func mapassign_fast64_()

//go:linkname mapassign_fast64ptr_ runtime.mapassign_fast64ptr
func mapassign_fast64ptr_()

//go:linkname mapassign_faststr_ runtime.mapassign_faststr
func mapassign_faststr_()

//go:linkname mapclear_ runtime.mapclear
func mapclear_()

//go:linkname mapdelete_ runtime.mapdelete
func mapdelete_()

//go:linkname mapdelete_fast32_ runtime.mapdelete_fast32
func mapdelete_fast32_()

//go:linkname mapdelete_fast64_ runtime.mapdelete_fast64
func mapdelete_fast64_()

//go:linkname mapdelete_faststr_ runtime.mapdelete_faststr
func mapdelete_faststr_()

//go:linkname memclrHasPointers_ runtime.memclrHasPointers
func memclrHasPointers_()

//go:linkname memclrNoHeapPointers_ runtime.memclrNoHeapPointers
func memclrNoHeapPointers_()

//go:linkname memequal_ runtime.memequal
func memequal_()

//go:linkname memequal0_ runtime.memequal0
func memequal0_()

//go:linkname memequal128_ runtime.memequal128
func memequal128_()

//go:linkname memequal16_ runtime.memequal16
func memequal16_()

//go:linkname memequal32_ runtime.memequal32
func memequal32_()

//go:linkname memequal64_ runtime.memequal64
func memequal64_()

//go:linkname memequal8_ runtime.memequal8
func memequal8_()

//go:linkname memequal_varlen_ runtime.memequal_varlen
func memequal_varlen_()

//go:linkname memhash_ runtime.memhash
func memhash_()

//go:linkname memhash0_ runtime.memhash0
func memhash0_()

//go:linkname memhash128_ runtime.memhash128
func memhash128_()

//go:linkname memhash16_ runtime.memhash16
func memhash16_()

//go:linkname memhash32_ runtime.memhash32
func memhash32_()

//go:linkname memhash64_ runtime.memhash64
func memhash64_()

//go:linkname memhash8_ runtime.memhash8
func memhash8_()

//go:linkname memhash_varlen_ runtime.memhash_varlen
func memhash_varlen_()

//go:linkname memmove_ runtime.memmove
func memmove_()

//go:linkname moveSlice_ runtime.moveSlice
func moveSlice_()

//go:linkname moveSliceNoCap_ runtime.moveSliceNoCap
func moveSliceNoCap_()

//go:linkname moveSliceNoCapNoScan_ runtime.moveSliceNoCapNoScan
func moveSliceNoCapNoScan_()

//go:linkname moveSliceNoScan_ runtime.moveSliceNoScan
func moveSliceNoScan_()

//go:linkname newobject_ runtime.newobject
func newobject_()

//go:linkname newproc_ runtime.newproc
func newproc_()

//go:linkname nilinterequal_ runtime.nilinterequal
func nilinterequal_()

//go:linkname nilinterhash_ runtime.nilinterhash
func nilinterhash_()

//go:linkname panicBounds_ runtime.panicBounds
func panicBounds_()

//go:linkname panicSimdImm_ runtime.panicSimdImm
func panicSimdImm_()

//go:linkname panicdivide_ runtime.panicdivide
func panicdivide_()

//go:linkname panicdottypeE_ runtime.panicdottypeE
func panicdottypeE_()

//go:linkname panicdottypeI_ runtime.panicdottypeI
func panicdottypeI_()

//go:linkname panicmakeslicecap_ runtime.panicmakeslicecap
func panicmakeslicecap_()

//go:linkname panicmakeslicelen_ runtime.panicmakeslicelen
func panicmakeslicelen_()

//go:linkname panicnildottype_ runtime.panicnildottype
func panicnildottype_()

//go:linkname panicoverflow_ runtime.panicoverflow
func panicoverflow_()

//go:linkname panicrangestate_ runtime.panicrangestate
func panicrangestate_()

//go:linkname panicshift_ runtime.panicshift
func panicshift_()

//go:linkname panicunsafeslicelen_ runtime.panicunsafeslicelen
func panicunsafeslicelen_()

//go:linkname panicunsafeslicenilptr_ runtime.panicunsafeslicenilptr
func panicunsafeslicenilptr_()

//go:linkname panicunsafestringlen_ runtime.panicunsafestringlen
func panicunsafestringlen_()

//go:linkname panicunsafestringnilptr_ runtime.panicunsafestringnilptr
func panicunsafestringnilptr_()

//go:linkname panicwrap_ runtime.panicwrap
func panicwrap_()

//go:linkname printbool_ runtime.printbool
func printbool_()

//go:linkname printcomplex128_ runtime.printcomplex128
func printcomplex128_()

//go:linkname printcomplex64_ runtime.printcomplex64
func printcomplex64_()

//go:linkname printeface_ runtime.printeface
func printeface_()

//go:linkname printfloat32_ runtime.printfloat32
func printfloat32_()

//go:linkname printfloat64_ runtime.printfloat64
func printfloat64_()

//go:linkname printhex_ runtime.printhex
func printhex_()

//go:linkname printiface_ runtime.printiface
func printiface_()

//go:linkname printint_ runtime.printint
func printint_()

//go:linkname printlock_ runtime.printlock
func printlock_()

//go:linkname printnl_ runtime.printnl
func printnl_()

//go:linkname printpointer_ runtime.printpointer
func printpointer_()

//go:linkname printquoted_ runtime.printquoted
func printquoted_()

//go:linkname printslice_ runtime.printslice
func printslice_()

//go:linkname printsp_ runtime.printsp
func printsp_()

//go:linkname printstring_ runtime.printstring
func printstring_()

//go:linkname printuint_ runtime.printuint
func printuint_()

//go:linkname printuintptr_ runtime.printuintptr
func printuintptr_()

//go:linkname printunlock_ runtime.printunlock
func printunlock_()

//go:linkname rand_ runtime.rand
func rand_()

//go:linkname rand32_ runtime.rand32
func rand32_()

//go:linkname selectgo_ runtime.selectgo
func selectgo_()

//go:linkname selectnbrecv_ runtime.selectnbrecv
func selectnbrecv_()

//go:linkname selectnbsend_ runtime.selectnbsend
func selectnbsend_()

//go:linkname selectsetpc_ runtime.selectsetpc
func selectsetpc_()

//go:linkname sigpanic_ runtime.sigpanic
func sigpanic_()

//go:linkname slicebytetostring_ runtime.slicebytetostring
func slicebytetostring_()

//go:linkname slicebytetostringtmp_ runtime.slicebytetostringtmp
func slicebytetostringtmp_()

//go:linkname slicecopy_ runtime.slicecopy
func slicecopy_()

//go:linkname slicerunetostring_ runtime.slicerunetostring
func slicerunetostring_()

//go:linkname strequal_ runtime.strequal
func strequal_()

//go:linkname strhash_ runtime.strhash
func strhash_()

//go:linkname strmax_ runtime.strmax
func strmax_()

//go:linkname strmin_ runtime.strmin
func strmin_()

//go:linkname stringtoslicebyte_ runtime.stringtoslicebyte
func stringtoslicebyte_()

//go:linkname stringtoslicerune_ runtime.stringtoslicerune
func stringtoslicerune_()

//go:linkname typeAssert_ runtime.typeAssert
func typeAssert_()

//go:linkname typedmemclr_ runtime.typedmemclr
func typedmemclr_()

//go:linkname typedmemmove_ runtime.typedmemmove
func typedmemmove_()

//go:linkname typedslicecopy_ runtime.typedslicecopy
func typedslicecopy_()

//go:linkname unsafeslicecheckptr_ runtime.unsafeslicecheckptr
func unsafeslicecheckptr_()

//go:linkname unsafestringcheckptr_ runtime.unsafestringcheckptr
func unsafestringcheckptr_()

//go:linkname wbMove_ runtime.wbMove
func wbMove_()

//go:linkname wbZero_ runtime.wbZero
func wbZero_()
