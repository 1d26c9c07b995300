;; fd_renumber moves a descriptor over another one that is open.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $fd_renumber (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $fd_prestat_get (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "dir/one")
  (data (i32.const 0x410) "\10 \00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x404) (i32.const 7) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_renumber (i32.const 4) (i32.const 5)))
    (drop (call $fd_read (i32.const 5) (i32.const 0x410) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_close (i32.const 4)))

    ;; to itself; no descriptor to move; none to replace
    (drop (call $fd_renumber (i32.const 5) (i32.const 5)))
    (drop (call $fd_renumber (i32.const 99) (i32.const 5)))
    (drop (call $fd_renumber (i32.const 5) (i32.const 99)))
    (drop (call $fd_read (i32.const 5) (i32.const 0x410) (i32.const 1) (i32.const 0x2000)))

    ;; a preopened directory stays one under its new number
    (drop (call $fd_renumber (i32.const 3) (i32.const 5)))
    (drop (call $fd_prestat_get (i32.const 3) (i32.const 0x2000)))
    (drop (call $fd_prestat_get (i32.const 5) (i32.const 0x2000)))))
