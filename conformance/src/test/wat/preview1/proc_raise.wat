;; proc_raise: a signal that is ignored goes by, SIGTERM (15) ends the guest.
(module
  (import "wasi_snapshot_preview1" "proc_raise" (func $proc_raise (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "sched_yield" (func $sched_yield (result i32)))
  (memory (export "memory") 1)
  (func (export "_start")
    (drop (call $proc_raise (i32.const 0)))
    (drop (call $proc_raise (i32.const 16)))
    (drop (call $proc_raise (i32.const 99)))
    (drop (call $proc_raise (i32.const 256)))
    (drop (call $proc_raise (i32.const 15)))
    (drop (call $sched_yield))))
