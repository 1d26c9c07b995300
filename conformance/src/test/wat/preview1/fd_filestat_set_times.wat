;; fd_filestat_set_times: given times, the present, and those left as they are.
;; flags: 1 access time, 2 access time now, 4 modification time, 8 modification time now
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_set_times" (func $fd_filestat_set_times (param i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 1000000001) (i64.const 2000000002) (i32.const 5)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 7) (i64.const 7) (i32.const 8)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 7) (i64.const 7) (i32.const 2)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 7) (i64.const 7) (i32.const 0)))

    ;; both given and now; bits that mean nothing; no descriptor
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 3)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 12)))
    (drop (call $fd_filestat_set_times (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 16)))
    (drop (call $fd_filestat_set_times (i32.const 99) (i64.const 1) (i64.const 1) (i32.const 5)))))
