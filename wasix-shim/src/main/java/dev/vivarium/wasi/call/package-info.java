/**
 * What the functions do: one class for each section of the specification, shared by preview1,
 * snapshot 0 and WASIX. A handler gets its arguments from a {@link dev.vivarium.wasi.call.Call},
 * asks the kernel or the filesystem, and gives the result back; it decides nothing that they can
 * decide.
 */
package dev.vivarium.wasi.call;
