/**
 * Rewrites a wasm module so that every function fits into what a JVM compiles well.
 *
 * <p>A JVM method holds 65,535 bytes of bytecode, and HotSpot never compiles one that is longer
 * than 8,000. A function of an interpreter written in C is often longer than both. {@link
 * dev.vivarium.engine.split.Splitter} takes such functions apart before the engine's compiler sees
 * them: the input is a module, the output is a module that behaves the same, so that any engine
 * profits and no engine class is named here.
 *
 * <p>The steps for one function: {@code FunctionDecoder} builds a tree of its structured code;
 * {@code Simplifier} removes the traffic through locals that unoptimised compilers leave; {@code
 * Partitioner} chooses single-entry runs of statements; {@code Outliner} moves each run into a
 * function of its own; {@code FunctionEncoder} writes the bytes.
 */
package dev.vivarium.engine.split;
