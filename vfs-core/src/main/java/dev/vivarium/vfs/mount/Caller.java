package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Credentials;

/**
 * Who follows or reads a symbolic link: what a link of {@code /proc} says depends on it.
 *
 * @param credentials who that is
 * @param pid the process; 0 for the host
 * @param root what the paths that it sees begin at
 */
public record Caller(Credentials credentials, int pid, Location root) {}
