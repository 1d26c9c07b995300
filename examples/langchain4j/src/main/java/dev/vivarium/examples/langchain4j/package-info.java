/** langchain4j's code execution, by a sandbox on this machine. */
package dev.vivarium.examples.langchain4j;
