;; path_create_directory.
(module
  (import "wasi_snapshot_preview1" "path_create_directory" (func $path_create_directory (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "new")
  (data (i32.const 0x403) "new/inner")
  (data (i32.const 0x40c) "slash/")
  (data (i32.const 0x412) "dir/../other")
  (data (i32.const 0x41e) "/absolute")
  (data (i32.const 0x427) "dir")
  (data (i32.const 0x42a) "file")
  (data (i32.const 0x42e) "link")
  (data (i32.const 0x432) ".")
  (data (i32.const 0x433) "/")
  (data (i32.const 0x434) "..")
  (data (i32.const 0x436) "absent/new")
  (data (i32.const 0x440) "file/new")
  (data (i32.const 0x448) "loop/new")
  (data (i32.const 0x451) "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn")
  (data (i32.const 0x551) "x")
  (data (i32.const 0x552) "a\00b")
  (func (export "_start")
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x400) (i32.const 3)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x403) (i32.const 9)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x40c) (i32.const 6)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x412) (i32.const 12)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x41e) (i32.const 9)))

    ;; what is there already: a directory, a file, a symbolic link, the root
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x427) (i32.const 3)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x42a) (i32.const 4)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x42e) (i32.const 4)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x432) (i32.const 1)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x433) (i32.const 1)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x434) (i32.const 2)))

    ;; no parent; a parent that is a file, a loop; no name; a name that is too long
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x436) (i32.const 10)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x440) (i32.const 8)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x448) (i32.const 8)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x450) (i32.const 0)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x451) (i32.const 256)))

    ;; no descriptor, one that is no directory; a path that does not fit the memory
    (drop (call $path_create_directory (i32.const 99) (i32.const 0x551) (i32.const 1)))
    (drop (call $path_create_directory (i32.const 1) (i32.const 0x551) (i32.const 1)))
    (drop (call $path_create_directory (i32.const 3) (i32.const 0xfffe) (i32.const 5)))

    ;; a path with a NUL
    (drop (call $path_create_directory (i32.const 3) (i32.const 0x552) (i32.const 3)))))
