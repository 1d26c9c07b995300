;; path_remove_directory removes an empty directory and nothing else.
(module
  (import "wasi_snapshot_preview1" "path_remove_directory" (func $path_remove_directory (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "empty")
  (data (i32.const 0x405) "dir")
  (data (i32.const 0x408) "file")
  (data (i32.const 0x40c) "dirlink")
  (data (i32.const 0x413) "absent")
  (data (i32.const 0x41a) ".")
  (data (i32.const 0x41b) "dir/.")
  (data (i32.const 0x420) "dir/..")
  (data (i32.const 0x426) "/")
  (data (i32.const 0x427) "private/x")
  (func (export "_start")
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x400) (i32.const 5)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 5) (i32.const 0x2000)))

    ;; not empty, a file, a symbolic link to a directory, absent, no name
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x405) (i32.const 3)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x408) (i32.const 4)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x40c) (i32.const 7)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x413) (i32.const 6)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x419) (i32.const 0)))

    ;; . and .. and the root
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x41a) (i32.const 1)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x41b) (i32.const 5)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x420) (i32.const 6)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x426) (i32.const 1)))

    ;; of somebody else; no descriptor; a path that does not fit the memory
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0x427) (i32.const 9)))
    (drop (call $path_remove_directory (i32.const 99) (i32.const 0x405) (i32.const 3)))
    (drop (call $path_remove_directory (i32.const 3) (i32.const 0xfffe) (i32.const 5)))))
