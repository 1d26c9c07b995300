;; Calls an import that no table knows and that has no answer to give.
(module
  (import "other" "riddle" (func $riddle (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $riddle (i32.const 1))))
