;; fd_readdir: entries with . and .., cut at the end of the buffer; a cookie goes on after the entry that it came with.
(module
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_readdir" (func $fd_readdir (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $path_remove_directory (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "dir")
  (data (i32.const 0x403) "empty")
  (data (i32.const 0x408) "file")
  (func (export "_start")
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 3) (i32.const 2) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 60) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 10) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 0) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 0x1000) (i64.const 1) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 0x1000) (i64.const 2) (i32.const 0x2000)))

    ;; an empty directory
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x403) (i32.const 5) (i32.const 2) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 5) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))

    ;; a directory that is removed has no entries
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x403) (i32.const 5)))
    (drop (call $fd_readdir (i32.const 5) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))

    ;; a file, a stream, no descriptor; a buffer and a result that do not fit the memory
    (drop (call $path_open (i32.const 3) (i32.const 1) (i32.const 0x408) (i32.const 4) (i32.const 0) (i64.const 66) (i64.const 0) (i32.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 6) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 0) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 99) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0xfff0) (i32.const 0x1000) (i64.const 0) (i32.const 0x2000)))
    (drop (call $fd_readdir (i32.const 4) (i32.const 0x2010) (i32.const 0x1000) (i64.const 0) (i32.const 0xfffe)))))
