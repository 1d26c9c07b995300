;; fd_read moves the offset that all users of the description share.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x408) "\10 \00\00\05\00\00\00")
  (data (i32.const 0x410) "\10 \00\00\02\00\00\00  \00\00\00\00\00\000 \00\00d\00\00\00")
  (data (i32.const 0x428) "\00\00\00\00\00\00\00\00")
  (data (i32.const 0x430) "\10 \00\00d\00\00\00")
  (data (i32.const 0x438) "\fe\ff\00\00\05\00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x410) (i32.const 3) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x428) (i32.const 0) (i32.const 0x2000)))

    ;; standard input: what there is, then its end
    (drop (call $fd_read (i32.const 0) (i32.const 0x430) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 0) (i32.const 0x430) (i32.const 1) (i32.const 0x2000)))

    ;; a buffer, a list and a result that do not fit the memory
    (drop (call $fd_seek (i32.const 4) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0xfff8) (i32.const 2) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 4) (i32.const 0x408) (i32.const 1) (i32.const 0xfffe)))

    ;; a directory, an output stream, open for writing only, no descriptor
    (drop (call $fd_read (i32.const 3) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 1) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 5) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_read (i32.const 99) (i32.const 0x408) (i32.const 1) (i32.const 0x2000)))))
