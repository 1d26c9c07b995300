;; fd_prestat_get, fd_prestat_dir_name: the one preopened directory, and how a libc finds that there is no other.
(module
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $fd_prestat_dir_name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "dir")
  (func (export "_start")
    (drop (call $fd_prestat_get (i32.const 3) (i32.const 0x2000)))
    (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 0x2000) (i32.const 1)))
    (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 0x2000) (i32.const 16)))
    (drop (call $fd_prestat_get (i32.const 4) (i32.const 0x2000)))

    ;; an ordinary directory is none
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 3) (i32.const 2) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_prestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_prestat_dir_name (i32.const 4) (i32.const 0x2000) (i32.const 16)))
    (drop (call $fd_prestat_get (i32.const 0) (i32.const 0x2000)))

    ;; no room for the name; results that do not fit the memory
    (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 0x2000) (i32.const 0)))
    (drop (call $fd_prestat_dir_name (i32.const 3) (i32.const 0x10000) (i32.const 1)))
    (drop (call $fd_prestat_get (i32.const 3) (i32.const 0xfffc)))))
