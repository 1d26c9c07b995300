/** What a command line of a box names: its runtime, a module or a script among its files. */
package dev.vivarium.image.exec;
