package dev.vivarium.vfs.posix;

import java.util.OptionalLong;

/**
 * What {@code statx(2)} tells beyond {@code stat(2)}.
 *
 * @param basic all that {@code stat(2)} tells
 * @param birthTime when the inode was made, in nanoseconds since the epoch; empty where the
 *     filesystem does not know
 * @param mountRoot {@code STATX_ATTR_MOUNT_ROOT}, the only attribute that there is: whether it is
 *     the root of a mount
 */
public record Statx(Stat basic, OptionalLong birthTime, boolean mountRoot) {}
