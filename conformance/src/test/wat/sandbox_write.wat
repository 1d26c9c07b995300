;; Writes "hello" to tmp/new, truncates etc/hosts and removes etc/group; exits with the first errno.
(module
  (import "wasi_snapshot_preview1" "path_open"
    (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_unlink_file" (func $unlink (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 100) "tmp/new" "etc/hosts" "etc/group" "hello")
  (func $check (param $errno i32) (if (local.get $errno) (then (call $exit (local.get $errno)))))
  (func (export "_start")
    (call $check (call $open (i32.const 3) (i32.const 0) (i32.const 100) (i32.const 7)
      (i32.const 1) (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 0)))
    (i32.store (i32.const 8) (i32.const 125))
    (i32.store (i32.const 12) (i32.const 5))
    (call $check (call $write (i32.load (i32.const 0)) (i32.const 8) (i32.const 1) (i32.const 16)))
    (call $check (call $open (i32.const 3) (i32.const 0) (i32.const 107) (i32.const 9)
      (i32.const 8) (i64.const 64) (i64.const 64) (i32.const 0) (i32.const 0)))
    (call $check (call $unlink (i32.const 3) (i32.const 116) (i32.const 9)))))
