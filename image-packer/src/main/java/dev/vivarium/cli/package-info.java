/** The {@code vivarium} command. */
package dev.vivarium.cli;
