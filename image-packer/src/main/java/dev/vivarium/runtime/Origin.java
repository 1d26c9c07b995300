package dev.vivarium.runtime;

/** Where a runtime's files come from. */
sealed interface Origin permits NpmFile, BuiltGuest {}
