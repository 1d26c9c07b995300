;; path_readlink: the text without a terminator, cut at the end of the buffer.
(module
  (import "wasi_snapshot_preview1" "path_readlink" (func $path_readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "link")
  (data (i32.const 0x404) "loop")
  (data (i32.const 0x408) "file")
  (data (i32.const 0x40c) "dir")
  (data (i32.const 0x40f) "absent")
  (func (export "_start")
    (drop (call $path_readlink (i32.const 3) (i32.const 0x400) (i32.const 4) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x400) (i32.const 4) (i32.const 0x2010) (i32.const 2) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x400) (i32.const 4) (i32.const 0x2010) (i32.const 0) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x404) (i32.const 4) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))

    ;; no link, absent, no name
    (drop (call $path_readlink (i32.const 3) (i32.const 0x408) (i32.const 4) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x40c) (i32.const 3) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x40f) (i32.const 6) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x415) (i32.const 0) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))

    ;; no descriptor; a buffer and a result that do not fit the memory
    (drop (call $path_readlink (i32.const 99) (i32.const 0x400) (i32.const 4) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x400) (i32.const 4) (i32.const 0xfffe) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x400) (i32.const 4) (i32.const 0x2010) (i32.const 100) (i32.const 0xfffe)))))
