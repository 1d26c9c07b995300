;; Calls an import that no table knows, and exits with its answer.
(module
  (import "other" "mystery" (func $mystery (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (call $mystery (i32.const 1)))))
