;; path_filestat_set_times.
;; flags: 1 access time, 2 access time now, 4 modification time, 8 modification time now
(module
  (import "wasi_snapshot_preview1" "path_filestat_set_times" (func $path_filestat_set_times (param i32 i32 i32 i32 i64 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get" (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "file")
  (data (i32.const 0x404) "link")
  (data (i32.const 0x408) "absent")
  (data (i32.const 0x40e) "private")
  (func (export "_start")
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i64.const 1000000001) (i64.const 2000000002) (i32.const 5)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0x2000)))
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 0) (i32.const 0x404) (i32.const 4) (i64.const 3) (i64.const 4) (i32.const 5)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 0x404) (i32.const 4) (i32.const 0x2000)))
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 0x404) (i32.const 4) (i64.const 0) (i64.const 0) (i32.const 10)))
    (drop (call $path_filestat_get (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i32.const 0x2000)))

    ;; both given and now; absent; of somebody else; no descriptor
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 0x400) (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 3)))
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 0x408) (i32.const 6) (i64.const 1) (i64.const 1) (i32.const 5)))
    (drop (call $path_filestat_set_times (i32.const 3) (i32.const 1) (i32.const 0x40e) (i32.const 7) (i64.const 1) (i64.const 1) (i32.const 5)))
    (drop (call $path_filestat_set_times (i32.const 99) (i32.const 1) (i32.const 0x400) (i32.const 4) (i64.const 1) (i64.const 1) (i32.const 5)))))
