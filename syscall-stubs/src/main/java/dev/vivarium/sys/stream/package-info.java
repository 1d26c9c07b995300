/** Host streams as devices: a sandbox's standard input, output and error. */
package dev.vivarium.sys.stream;
