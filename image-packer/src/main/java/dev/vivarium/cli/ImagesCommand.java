package dev.vivarium.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vivarium images}. */
@Command(
    name = "images",
    description = {"Lists the boxes of this machine: their names, digests and sizes.", ""},
    customSynopsis = "vivarium images",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class ImagesCommand extends StoreCommand {

  @Override
  void run(Context context) throws IOException {
    requireOperands(0, 0, "no operand");
    var rows = new ArrayList<List<String>>();
    rows.add(List.of("NAME", "TAG", "DIGEST", "SIZE"));
    for (var tag : context.store().tags().entrySet()) {
      var image = context.store().open(tag.getValue());
      rows.add(
          List.of(
              tag.getKey().name(),
              tag.getKey().digest().isPresent() ? "<none>" : tag.getKey().tag(),
              image.digest().shortHex(),
              Quantity.bytes(image.size())));
    }
    Table.print(rows, context.out());
  }
}
