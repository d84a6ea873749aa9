"""Writes the table of every limit in docs/regulations.md, from the packs.

    python -m infra.limits_table            prints it
    python -m infra.limits_table --write    puts it into the document, below its heading

A test compares the two, so no number of a pack differs from what a reader finds.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.regulation.limits import CountFrom, Limit

PAGE = Path(__file__).parents[1] / "docs" / "regulations.md"
HEADING = "## The limits in numbers"
PACKS = ("S0", "S1", "S2", "S3", "S4")
"""The packs that are written by hand: `default` is computed from them, `demo` promises nothing."""


def table() -> str:
    """The table of every limit of the packs, those that they share named once."""
    head = "| rule | clock | limit |\n|---|---|---|"
    return "\n".join([head, *dict.fromkeys(rows(RegulationFiles()))])


def rows(files: RegulationFiles) -> Iterator[str]:
    """A line for each limit and each rule of revisits, pack by pack."""
    for pack in PACKS:
        regulation = files.get(pack)
        for rule in (part for whole in regulation.rules for part in whole.limits()):
            yield f"| `{rule.id}` | `{rule.clock}` | {in_words(rule.limit)} |"
        for revisit in regulation.revisits.rules:
            times = "none" if revisit.count == 0 else f"{revisit.count} × within {in_words(revisit.within)}"
            yield f"| `{revisit.id}` | revisit | {times} |"


def in_words(limit: Limit) -> str:
    """A limit as its amount, unit and way of counting: 5 working days from the next day."""
    unit = str(limit.unit).replace("_", " ")
    said = f"{limit.amount:g} {unit.removesuffix('s') if limit.amount == 1 else unit}"
    if limit.count is not CountFrom.MOMENT:
        return f"{said}, counted `{limit.count}`"
    return said if limit.around_the_clock or "day" in unit else f"{said} of working time"


def page(text: str) -> str:
    """The document with the table as it is now."""
    before, _, after = text.partition(f"{HEADING}\n")
    lead, _, rest = after.partition("| rule | clock | limit |")
    following = rest.partition("\n\n")[2]
    return f"{before}{HEADING}\n{lead}{table()}\n\n{following}"


def main() -> None:
    if "--write" in sys.argv[1:]:
        PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    else:
        sys.stdout.write(f"{table()}\n")


if __name__ == "__main__":
    main()
