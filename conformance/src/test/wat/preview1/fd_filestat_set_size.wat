;; fd_filestat_set_size grows with zeros and cuts.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_size" (func $fd_filestat_set_size (param i32 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x408) "\10 \00\00 \00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_size (i32.const 4) (i64.const 20)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 8) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_size (i32.const 4) (i64.const 5)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x408) (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))

    ;; a negative size
    (drop (call $fd_filestat_set_size (i32.const 4) (i64.const 0x8000000000000000)))

    ;; open for reading only, a directory, a stream, no descriptor
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_size (i32.const 5) (i64.const 0)))
    (drop (call $fd_filestat_set_size (i32.const 3) (i64.const 0)))
    (drop (call $fd_filestat_set_size (i32.const 1) (i64.const 0)))
    (drop (call $fd_filestat_set_size (i32.const 99) (i64.const 0)))))
