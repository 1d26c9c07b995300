;; random_get.
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "\10 \00\00\10\00\00\00  \00\00\10\00\00\00")
  (func (export "_start")
    (drop (call $random_get (i32.const 0x2010) (i32.const 16)))
    (drop (call $random_get (i32.const 0x2020) (i32.const 16)))
    (drop (call $fd_write (i32.const 1) (i32.const 0x400) (i32.const 2) (i32.const 0x2000)))
    (drop (call $random_get (i32.const 0x2000) (i32.const 0)))

    ;; a buffer that does not fit the memory
    (drop (call $random_get (i32.const 0xfffe) (i32.const 16)))
    (drop (call $random_get (i32.const 0x2000) (i32.const -1)))))
