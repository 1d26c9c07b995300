package dev.vivarium.conformance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vivarium.conformance.host.Machine;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Set<Host> ALL = EnumSet.allOf(Host.class);

  private static Cell seconds(Double... values) {
    return new Cell.Measured(List.of(values), true);
  }

  private static Row row(Cell ours, Cell chicory, Cell node) {
    var cells = new EnumMap<Host, Cell>(Host.class);
    cells.put(Host.OURS, ours);
    cells.put(Host.CHICORY, chicory);
    cells.put(Host.NODE, node);
    return new Row(Guest.PYTHON_3_12, "json", cells);
  }

  private static final Row MEASURED =
      row(seconds(0.02, 0.03, 0.9), seconds(0.5, 1.5), seconds(0.01));
  private static final Row CRASHED =
      row(seconds(0.02), new Cell.Crash("status 1, a | b"), seconds(0.01));

  @Test
  void aMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Cell.Measured.median(List.of(9.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Cell.Measured.median(List.of(9.0, 1.0, 2.0, 4.0))).isEqualTo(3);
  }

  @Test
  void aCellKnowsItsSpread() {
    var cell = new Cell.Measured(List.of(3.0, 1.0, 2.0), true);

    assertThat(cell.least()).isEqualTo(1);
    assertThat(cell.most()).isEqualTo(3);
    assertThatIllegalArgumentException().isThrownBy(() -> new Cell.Measured(List.of(), true));
  }

  @Test
  void aTableHasMediansSpreadsAndLastTheRatiosToNode() {
    assertThat(MarkdownTable.of(ALL, List.of(MEASURED)))
        .isEqualTo(
            """
            | guest | work | Vivarium, ms | Chicory alone, ms | node, ms | Chicory alone / node | Vivarium / node |
            |---|---|---:|---:|---:|---:|---:|
            | python-3.12 | json | 30.0 (20.0-900) | 1,000 (500-1,500) | 10.0 (10.0-10.0) | 100 | 3.00 |
            """);
  }

  @Test
  void aCrashIsInTheTableAndHasNoRatio() {
    assertThat(MarkdownTable.of(ALL, List.of(CRASHED)))
        .endsWith("| 20.0 (20.0-20.0) | crash: status 1, a \\| b | 10.0 (10.0-10.0) |  | 2.00 |\n");
  }

  @Test
  void withoutNodeThereAreNoRatios() {
    assertThat(MarkdownTable.of(EnumSet.of(Host.OURS), List.of(MEASURED)))
        .startsWith("| guest | work | Vivarium, ms |\n|---|---|---:|\n");
  }

  @Test
  void timesThatStillFellAreMarked() {
    var cells = Map.<Host, Cell>of(Host.OURS, new Cell.Measured(List.of(0.001), false));
    var row = new Row(Guest.RUBY_3_4, "loop", cells);

    assertThat(MarkdownTable.of(EnumSet.of(Host.OURS), List.of(row)))
        .endsWith("| 1.00 (1.00-1.00) † |\n");
  }

  @Test
  void jsonHasEveryValueAndEveryCrash() {
    var machine = new Machine("cpu", "os", "0.10", "jvm", "v20", "1.7", "abc");
    var options = new Options(false, null, null, ALL, Set.of(), "conformance/bench compute");

    var json =
        JsonReport.of(new Report("compute", machine, options, List.of(CRASHED), List.of("note")));

    assertThat(json)
        .isEqualTo(
            "{\"suite\": \"compute\", \"command\": \"conformance/bench compute\","
                + " \"hardware\": \"cpu\", \"system\": \"os\", \"load\": \"0.10\","
                + " \"java\": \"jvm\", \"node\": \"v20\", \"chicory\": \"1.7\","
                + " \"commit\": \"abc\", \"notes\": [\"note\"], \"rows\": [{"
                + "\"guest\": \"python-3.12\", \"work\": \"json\", \"ours\": {\"median\": 0.02,"
                + " \"min\": 0.02, \"max\": 0.02, \"settled\": true, \"seconds\": [0.02],"
                + " \"ratioToNode\": 2.0}, \"chicory\": {\"crash\": \"status 1, a | b\"},"
                + " \"node\": {\"median\": 0.01, \"min\": 0.01, \"max\": 0.01, \"settled\": true,"
                + " \"seconds\": [0.01], \"ratioToNode\": 1.0}}]}\n");
  }

  @Test
  void jsonEscapesWhatItHasTo() {
    assertThat(JsonReport.json(new TreeMap<>(Map.of("a\"", List.of("b\\c\n", 1.5, true)))))
        .isEqualTo("{\"a\\\"\": [\"b\\\\c\\u000a\", 1.5, true]}");
  }

  @Test
  void aPlotPutsEqualRatiosAtEqualDistances() throws Exception {
    var rows =
        List.of(
            row(seconds(1.0), seconds(10.0), seconds(1.0)),
            row(seconds(0.5), seconds(100.0), seconds(1.0)));

    var plot = parse(RatioPlot.of("compute", rows));
    var ours = positions(plot, "circle", "cx");
    var chicory = positions(plot, "rect", "x");
    double node = ours.get(0);

    assertThat(chicory.get(1) - chicory.get(0)).isCloseTo(chicory.get(0) + 4.5 - node, within());
    assertThat(node - ours.get(1))
        .isCloseTo((chicory.get(0) + 4.5 - node) * Math.log10(2), within());
  }

  @Test
  void aPlotLeavesOutWhatHasNoRatio() throws Exception {
    var onlyNode = row(new Cell.Crash("status 1"), new Cell.Crash("status 2"), seconds(1.0));

    var plot = parse(RatioPlot.of("a < b & c", List.of(CRASHED, onlyNode)));

    assertThat(positions(plot, "circle", "cx")).hasSize(1);
    assertThat(positions(plot, "rect", "x")).isEmpty();
    assertThat(plot.getTextContent()).contains("a < b & c", "node = 1", "python-3.12 json");
  }

  private static Offset<Double> within() {
    return Offset.offset(0.3);
  }

  private static Element parse(String svg) throws Exception {
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    return builder.parse(new InputSource(new StringReader(svg))).getDocumentElement();
  }

  /**
   * Of the marks of the rows: the first is the legend's, and a rectangle without x is the paper.
   */
  private static List<Double> positions(Element svg, String shape, String attribute) {
    var elements = svg.getElementsByTagName(shape);
    var positions = new ArrayList<Double>();
    for (int i = 0; i < elements.getLength(); i++) {
      var position = ((Element) elements.item(i)).getAttribute(attribute);
      if (!position.isEmpty()) {
        positions.add(Double.valueOf(position));
      }
    }
    return positions.subList(1, positions.size());
  }
}
