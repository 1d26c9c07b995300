;; fd_allocate extends a file and never shortens one.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_allocate" (func $fd_allocate (param i32 i64 i64) (result i32)))
  (import "wasi_snapshot_preview1" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_allocate (i32.const 4) (i64.const 0) (i64.const 100)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))
    (drop (call $fd_allocate (i32.const 4) (i64.const 0) (i64.const 10)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))

    ;; length 0, a negative offset, a size that no file can have, more than the filesystem has
    (drop (call $fd_allocate (i32.const 4) (i64.const 0) (i64.const 0)))
    (drop (call $fd_allocate (i32.const 4) (i64.const 0x8000000000000000) (i64.const 1)))
    (drop (call $fd_allocate (i32.const 4) (i64.const 0x7fffffffffffffff) (i64.const 1)))
    (drop (call $fd_allocate (i32.const 4) (i64.const 0) (i64.const 0x10000000000)))
    (drop (call $fd_filestat_get (i32.const 4) (i32.const 0x2000)))

    ;; open for reading only, a directory, a stream, no descriptor
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_allocate (i32.const 5) (i64.const 0) (i64.const 200)))
    (drop (call $fd_allocate (i32.const 3) (i64.const 0) (i64.const 200)))
    (drop (call $fd_allocate (i32.const 0) (i64.const 0) (i64.const 200)))
    (drop (call $fd_allocate (i32.const 99) (i64.const 0) (i64.const 200)))))
