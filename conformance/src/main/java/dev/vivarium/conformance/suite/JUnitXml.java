package dev.vivarium.conformance.suite;

import java.io.IOException;
import java.io.InputStream;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/** Reads the file in which test runners say what became of each test. */
final class JUnitXml {
  private JUnitXml() {}

  /**
   * The tests by name. Of one that is told several times, as one with parts is, the worst counts.
   *
   * @throws IOException if it is not well-formed
   */
  static SortedMap<String, Verdict> read(InputStream in) throws IOException {
    var factory = XMLInputFactory.newFactory();
    // A guest wrote it.
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    var tests = new TreeMap<String, Verdict>();
    try {
      var reader = factory.createXMLStreamReader(in);
      String name = null;
      var verdict = Verdict.PASSED;
      while (reader.hasNext()) {
        int event = reader.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (reader.getLocalName()) {
            case "testcase" -> {
              name = reader.getAttributeValue(null, "name");
              verdict = Verdict.PASSED;
            }
            case "skipped" -> verdict = Verdict.SKIPPED;
            case "failure" -> verdict = Verdict.FAILED;
            case "error" -> verdict = Verdict.ERROR;
            default -> {
              // Output, times and the like.
            }
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && reader.getLocalName().equals("testcase")
            && name != null) {
          tests.merge(name, verdict, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException("no list of tests: " + e.getMessage(), e);
    }
    return tests;
  }
}
