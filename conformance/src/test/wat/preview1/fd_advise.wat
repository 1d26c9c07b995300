;; fd_advise: every advice, on a file, a directory and a stream.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_advise" (func $fd_advise (param i32 i64 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 0)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 1)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 2)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 3)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 4)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 13) (i32.const 5)))

    ;; length 0 is to the end; beyond the end is allowed
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 0) (i32.const 0)))
    (drop (call $fd_advise (i32.const 4) (i64.const 1000) (i64.const 1000) (i32.const 0)))

    ;; no such advice; a negative offset or length
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 0) (i32.const 6)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0x8000000000000000) (i64.const 0) (i32.const 0)))
    (drop (call $fd_advise (i32.const 4) (i64.const 0) (i64.const 0x8000000000000000) (i32.const 0)))

    ;; a directory, a stream, no descriptor
    (drop (call $fd_advise (i32.const 3) (i64.const 0) (i64.const 0) (i32.const 0)))
    (drop (call $fd_advise (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0)))
    (drop (call $fd_advise (i32.const 99) (i64.const 0) (i64.const 0) (i32.const 0)))))
