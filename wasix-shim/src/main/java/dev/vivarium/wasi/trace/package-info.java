/**
 * What the calls of a guest look like from outside: one line of text for each, as strace has it.
 */
package dev.vivarium.wasi.trace;
