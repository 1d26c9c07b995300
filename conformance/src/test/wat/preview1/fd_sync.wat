;; fd_sync on what has something to write back, and on what has not.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_sync" (func $fd_sync (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_sync (i32.const 4)))
    (drop (call $fd_sync (i32.const 3)))

    ;; a stream, no descriptor
    (drop (call $fd_sync (i32.const 1)))
    (drop (call $fd_sync (i32.const 99)))))
