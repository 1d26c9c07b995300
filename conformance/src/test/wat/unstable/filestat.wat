;; fd_filestat_get and path_filestat_get of snapshot 0: a link count of 32 bits makes the structure 56 bytes long.
;; Writing it away shows it.
(module
  (import "wasi_unstable" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_unstable" "fd_filestat_get" (func $fd_filestat_get (param i32 i32) (result i32)))
  (import "wasi_unstable" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_unstable" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "dev/null")
  (data (i32.const 0x408) "file")
  (data (i32.const 0x410) "\10 \00\00 \00\00\000 \00\00 \00\00\00")
  (data (i32.const 0x420) "` \00\00 \00\00\00\80 \00\00 \00\00\00")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 8) (i32.const 0) (i64.const 64) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x408) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_filestat_get (i32.const 5) (i32.const 0x2010)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x410) (i32.const 2) (i32.const 0x2000)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 0x408) (i32.const 4) (i32.const 0x2060)))
    (drop (call $fd_write (i32.const 4) (i32.const 0x420) (i32.const 2) (i32.const 0x2000)))

    ;; the last 56 bytes of memory are enough
    (drop (call $fd_filestat_get (i32.const 5) (i32.const 0xffc8)))
    (drop (call $fd_filestat_get (i32.const 5) (i32.const 0xffcc)))))
