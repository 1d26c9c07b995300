;; fd_fdstat_set_rights: rights can be dropped and never regained.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_set_rights" (func $fd_fdstat_set_rights (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fd_fdstat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "x")
  (data (i32.const 0x408) "\04\04\00\00\01\00\00\00")
  (data (i32.const 0x410) "\10 \00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_fdstat_set_rights (i32.const 4) (i64.const 6) (i64.const 0)))
    (drop (call $fd_fdstat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x410) (i32.const 1) (i32.const 0x2000)))

    ;; more than there is, for itself or for what is opened below it; no descriptor
    (drop (call $fd_fdstat_set_rights (i32.const 4) (i64.const 66) (i64.const 0)))
    (drop (call $fd_fdstat_set_rights (i32.const 4) (i64.const 2) (i64.const 2)))
    (drop (call $fd_fdstat_set_rights (i32.const 99) (i64.const 0) (i64.const 0)))))
