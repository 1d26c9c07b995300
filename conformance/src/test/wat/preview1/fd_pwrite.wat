;; fd_pwrite writes at an offset and moves none.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pwrite" (func $fd_pwrite (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "HELLO")
  (data (i32.const 0x410) "\04\04\00\00\05\00\00\00")
  (data (i32.const 0x418) "a")
  (data (i32.const 0x419) "bc")
  (data (i32.const 0x420) "\18\04\00\00\01\00\00\00\19\04\00\00\02\00\00\00")
  (data (i32.const 0x430) "\10 \00\00@\00\00\00")
  (data (i32.const 0x438) "\00\00\00\00\00\00\00\00")
  (data (i32.const 0x440) "\fe\ff\00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x420) (i32.const 2) (i64.const 20) (i32.const 0x2000)))
    (drop (call $fd_tell (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x430) (i32.const 1) (i64.const 0) (i32.const 0x2000)))

    ;; nothing to write; a negative offset; an offset that no file can have
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x438) (i32.const 0) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x410) (i32.const 1) (i64.const 0x8000000000000000) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x410) (i32.const 1) (i64.const 0x7fffffffffffffff) (i32.const 0x2000)))

    ;; a buffer and a result that do not fit the memory
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x440) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 4) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0xfffe)))

    ;; appending: the offset counts, as POSIX has it and Linux has not
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 5) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 5) (i32.const 0x2000)))

    ;; open for reading only, a directory, a stream, no descriptor
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 6) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 3) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 1) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_pwrite (i32.const 99) (i32.const 0x410) (i32.const 1) (i64.const 0) (i32.const 0x2000)))))
