package dev.vivarium.engine;

/**
 * A place in a module's code at which a guest can be stopped, so that its state can be kept and
 * other instances can go on from there: just before a call instruction, where the function has no
 * operands on its stack and is in no loop, and where it is the only one that is active.
 *
 * <p>Which place is a good one takes knowledge of the module's bytes, so a checkpoint is stated
 * together with their digest.
 *
 * @param function the index of a function that the host calls, such as {@code _start}
 * @param call how many call instructions of this function, in the order of its code, come before
 *     the one that the guest stops at; those that can never run are not counted
 */
public record Checkpoint(int function, int call) {}
