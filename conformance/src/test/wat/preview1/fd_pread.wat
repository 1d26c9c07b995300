;; fd_pread reads at an offset and moves none.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x408) "\10 \00\00\05\00\00\00")
  (data (i32.const 0x410) "\10 \00\00\02\00\00\00  \00\00\00\00\00\000 \00\00d\00\00\00")
  (data (i32.const 0x428) "\00\00\00\00\00\00\00\00")
  (data (i32.const 0x430) "\fe\ff\00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 7) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x410) (i32.const 3) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_tell (i32.const 4) (i32.const 0x2000)))

    ;; at the end, beyond it, nothing asked
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 13) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 1000) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x428) (i32.const 0) (i64.const 0) (i32.const 0x2000)))

    ;; a negative offset; a buffer, a list and a result that do not fit the memory
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 0x8000000000000000) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x430) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0xfff8) (i32.const 2) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0xfffe)))

    ;; a directory, a stream, open for writing only, no descriptor
    (drop (call $fd_pread (i32.const 3) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 0) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 5) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 99) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0x2000)))))
