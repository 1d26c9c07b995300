;; environ_sizes_get, environ_get: two variables.
(module
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $environ_sizes_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0x400) "\10 \00\00\10\00\00\00\00!\00\00\10\00\00\00M!\00\00\15\00\00\00")
  (func (export "_start")
    (drop (call $environ_sizes_get (i32.const 0x2000) (i32.const 0x2004)))
    (drop (call $environ_get (i32.const 0x2010) (i32.const 0x2100)))
    (drop (call $fd_write (i32.const 1) (i32.const 0x400) (i32.const 3) (i32.const 0x2000)))

    ;; results that do not fit the memory
    (drop (call $environ_sizes_get (i32.const 0xfffe) (i32.const 0x2000)))
    (drop (call $environ_sizes_get (i32.const 0x2000) (i32.const 0xfffe)))
    (drop (call $environ_get (i32.const 0xfffe) (i32.const 0x2100)))
    (drop (call $environ_get (i32.const 0x2000) (i32.const 0xfffe)))))
