package dev.vivarium.engine.split;

/** One item of a sequence of structured code: an {@link Op}, a {@link Jump} or a {@link Block}. */
abstract sealed class Node permits Op, Jump, Block {}
