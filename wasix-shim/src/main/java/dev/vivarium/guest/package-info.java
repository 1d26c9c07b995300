/**
 * How a guest is started: as a command, which has a {@code _start}, or as a reactor, which is
 * called into.
 */
package dev.vivarium.guest;
