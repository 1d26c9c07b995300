;; path_symlink: any text that is not empty; nothing is resolved.
(module
  (import "wasi_snapshot_preview1" "path_symlink" (func $path_symlink (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_readlink" (func $path_readlink (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "new")
  (data (i32.const 0x407) "no/such")
  (data (i32.const 0x40e) "dir/new")
  (data (i32.const 0x415) "x")
  (data (i32.const 0x416) "loop")
  (data (i32.const 0x41a) "absent/new")
  (data (i32.const 0x424) "more/")
  (data (i32.const 0x42a) "more")
  (func (export "_start")
    (drop (call $path_symlink (i32.const 0x400) (i32.const 4) (i32.const 3) (i32.const 0x404) (i32.const 3)))
    (drop (call $path_readlink (i32.const 3) (i32.const 0x404) (i32.const 3) (i32.const 0x2010) (i32.const 100) (i32.const 0x2000)))
    (drop (call $path_symlink (i32.const 0x407) (i32.const 7) (i32.const 3) (i32.const 0x40e) (i32.const 7)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 0x40e) (i32.const 7) (i32.const 0x2000)))

    ;; a name that is there, no parent, a slash at the end, no name
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0x404) (i32.const 3)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0x416) (i32.const 4)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0x41a) (i32.const 10)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0x424) (i32.const 5)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0x429) (i32.const 0)))

    ;; no text; no descriptor; a text and a path that do not fit the memory
    (drop (call $path_symlink (i32.const 0x429) (i32.const 0) (i32.const 3) (i32.const 0x42a) (i32.const 4)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 99) (i32.const 0x42a) (i32.const 4)))
    (drop (call $path_symlink (i32.const 0xfffe) (i32.const 5) (i32.const 3) (i32.const 0x42a) (i32.const 4)))
    (drop (call $path_symlink (i32.const 0x415) (i32.const 1) (i32.const 3) (i32.const 0xfffe) (i32.const 5)))))
