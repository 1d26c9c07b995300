;; fd_fdstat_set_flags: append and nonblock are kept and honoured.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_flags" (func $fd_fdstat_set_flags (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "END\0a")
  (data (i32.const 0x408) "\04\04\00\00\04\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_fdstat_set_flags (i32.const 4) (i32.const 1)))
    (drop (call $fd_fdstat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_tell (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_fdstat_set_flags (i32.const 4) (i32.const 4)))
    (drop (call $fd_fdstat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_fdstat_set_flags (i32.const 4) (i32.const 0)))
    (drop (call $fd_fdstat_get (i32.const 4) (i32.const 0x2000)))

    ;; Linux takes the flags of synchronous writing and ignores them
    (drop (call $fd_fdstat_set_flags (i32.const 4) (i32.const 16)))
    (drop (call $fd_fdstat_get (i32.const 4) (i32.const 0x2000)))

    ;; bits that mean nothing; no descriptor
    (drop (call $fd_fdstat_set_flags (i32.const 4) (i32.const 32)))
    (drop (call $fd_fdstat_set_flags (i32.const 99) (i32.const 0)))))
