;; clock_time_get of every clock, and of one that does not exist.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock_time_get (param i32 i64 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 0x2000)))
    (drop (call $clock_time_get (i32.const 1) (i64.const 0) (i32.const 0x2000)))
    (drop (call $clock_time_get (i32.const 2) (i64.const 0) (i32.const 0x2000)))
    (drop (call $clock_time_get (i32.const 3) (i64.const 0) (i32.const 0x2000)))
    (drop (call $clock_time_get (i32.const 4) (i64.const 0) (i32.const 0x2000)))

    ;; a precision is a hint
    (drop (call $clock_time_get (i32.const 0) (i64.const 1000000000) (i32.const 0x2000)))

    ;; a result that does not fit the memory
    (drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 0xfffc)))))
