;; Recurses without end, and makes a directory at every level: /aaaaaa.. with a name that counts.
(module
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $mkdir (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "tmp/00000000")
  (func $descend (param $depth i32) (result i32)
    (local $i i32) (local $rest i32)
    (local.set $rest (local.get $depth))
    (local.set $i (i32.const 27))
    (loop $digit
      (i32.store8 (local.get $i)
        (i32.add (i32.const 48) (i32.rem_u (local.get $rest) (i32.const 10))))
      (local.set $rest (i32.div_u (local.get $rest) (i32.const 10)))
      (local.set $i (i32.sub (local.get $i) (i32.const 1)))
      (br_if $digit (i32.gt_u (local.get $i) (i32.const 19))))
    (drop (call $mkdir (i32.const 3) (i32.const 16) (i32.const 12)))
    (i32.add (i32.const 1) (call $descend (i32.add (local.get $depth) (i32.const 1)))))
  (func (export "_start") (drop (call $descend (i32.const 0)))))
