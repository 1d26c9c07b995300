;; fd_filestat_get of a file, a directory and a stream.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 3) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 0) (i32.const 0x2000)))

    ;; no descriptor, a result that does not fit the memory
    (drop (call $fd_filestat_get (i32.const 99) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0xffd0)))))
