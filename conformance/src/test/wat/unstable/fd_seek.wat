;; fd_seek of snapshot 0 counts its origins from here (0), the end (1), the start (2).
(module
  (import "wasi_unstable" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_unstable" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 5) (i32.const 2) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 2) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const -1) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 3) (i32.const 0x2000)))))
