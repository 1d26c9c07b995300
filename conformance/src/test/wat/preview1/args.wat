;; args_sizes_get, args_get: three arguments, the last one empty.
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_get" (func $args_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "\10 \00\00\0c\00\00\00\00!\00\00\13\00\00\00")
  (func (export "_start")
    (drop (call $args_sizes_get (i32.const 0x2000) (i32.const 0x2004)))
    (drop (call $args_get (i32.const 0x2010) (i32.const 0x2100)))
    (drop (call $fd_write (i32.const 1) (i32.const 0x400) (i32.const 2) (i32.const 0x2000)))

    ;; results that do not fit the memory
    (drop (call $args_sizes_get (i32.const 0xfffe) (i32.const 0x2000)))
    (drop (call $args_sizes_get (i32.const 0x2000) (i32.const 0xfffe)))
    (drop (call $args_get (i32.const 0xfffe) (i32.const 0x2100)))
    (drop (call $args_get (i32.const 0x2000) (i32.const 0xfffe)))))
