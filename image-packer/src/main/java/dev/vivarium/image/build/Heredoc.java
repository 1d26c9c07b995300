package dev.vivarium.image.build;

/**
 * A here-document: lines of the Dockerfile that stand for a file.
 *
 * @param name the word that ends it
 * @param expands whether variables in it are expanded: not if any of the word was quoted
 * @param content its lines, each with its line feed
 */
record Heredoc(String name, boolean expands, String content) {}
