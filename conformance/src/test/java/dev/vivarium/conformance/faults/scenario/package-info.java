/** What is done while something fails; loaded anew with the classes in which it fails. */
package dev.vivarium.conformance.faults.scenario;
