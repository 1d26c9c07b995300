;; fd_write: gathered to a stream, over a file, behind its end.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $fd_pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_seek" (func $fd_seek (param i32 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_tell" (func $fd_tell (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "out")
  (data (i32.const 0x403) "put\0a")
  (data (i32.const 0x408) "\00\04\00\00\03\00\00\00\03\04\00\00\04\00\00\00")
  (data (i32.const 0x418) "error\0a")
  (data (i32.const 0x420) "\18\04\00\00\06\00\00\00")
  (data (i32.const 0x428) "file")
  (data (i32.const 0x42c) "HELLO")
  (data (i32.const 0x438) ",\04\00\00\05\00\00\00")
  (data (i32.const 0x440) "\10 \00\00@\00\00\00")
  (data (i32.const 0x448) "\00\00\00\00\00\00\00\00")
  (data (i32.const 0x450) "\fe\ff\00\00\05\00\00\00")
  (data (i32.const 0x458) "lost")
  (data (i32.const 0x460) "X\04\00\00\04\00\00\00")
  (func (export "_start")
    (drop (call $fd_write (i32.const 1) (i32.const 0x408) (i32.const 2) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 2) (i32.const 0x420) (i32.const 1) (i32.const 0x2000)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x428) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x440) (i32.const 1) (i64.const 0) (i32.const 0x2000)))

    ;; a hole reads as zeros
    (drop (call $fd_seek (i32.const 4) (i64.const 20) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_pread (i32.const 4) (i32.const 0x440) (i32.const 1) (i64.const 10) (i32.const 0x2000)))

    ;; appending
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x428) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 5) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_tell (i32.const 5) (i32.const 0x2000)))

    ;; nothing to write; a buffer and a list that do not fit the memory
    (drop (call $fd_write (i32.const 4) (i32.const 0x448) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x450) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 4) (i32.const 0xfff8) (i32.const 2) (i32.const 0x2000)))

    ;; a result that does not fit the memory: nothing is written
    (drop (call $fd_write (i32.const 1) (i32.const 0x460) (i32.const 1) (i32.const 0xfffe)))

    ;; open for reading only, a directory, an input stream, no descriptor
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x428) (i32.const 4) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 6) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 3) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 0) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))
    (drop (call $fd_write (i32.const 99) (i32.const 0x438) (i32.const 1) (i32.const 0x2000)))))
