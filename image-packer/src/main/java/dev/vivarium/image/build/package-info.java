/** A Dockerfile, read into a plan and carried out: what {@code vivarium build} does. */
package dev.vivarium.image.build;
