;; fd_seek from the start, from here, from the end.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x408) "\10 \00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 5) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 2) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const -3) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const -1) (i32.const 2) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 1) (i32.const 0x2000)))

    ;; beyond the end is allowed, before the start is not
    (drop (call $fd_seek (i32.const 4) (i64.const 1000) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const -1) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const -14) (i32.const 2) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 0x7fffffffffffffff) (i32.const 1) (i32.const 0x2000)))

    ;; no such origin; a result that does not fit the memory
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 3) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 0) (i32.const 0xfffc)))

    ;; a stream, a directory, no descriptor
    (drop (call $fd_seek (i32.const 0) (i64.const 0) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 3) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 99) (i64.const 0) (i32.const 0) (i32.const 0x2000)))))
