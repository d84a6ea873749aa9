"""The lines of a handed-in table: its head, then each line, with what is wrong and where (E9, B10)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from chalicelib.domain.community.households import Remark

Cells = Sequence[object]

LONGEST_SHOWN = 24
"""So much of what stands in a cell is quoted."""

MOST_IGNORED = 10
"""So many unknown headings are named."""


class Wrong(Exception):  # noqa: N818 - it ends one line, and is no error of the program
    """The remark on a line that cannot be read further."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        self.reason, self.facts = reason, facts


def read_lines(
    lines: Iterable[tuple[int, Cells]],
    text: Callable[[object], str],
    column_of: Callable[[str], str | None],
    needed: Collection[str],
    take: Callable[[int, Mapping[str, object]], None],
) -> tuple[bool, list[Remark]]:
    """Give each line after the head to `take`, as column → cell; whether there was a head, and the remarks.

    `text` is a cell as its reader sees it, `column_of` the column of a heading, None for one that nobody
    knows. A head without the `needed` columns ends it; a line that is `Wrong` is remarked on, and left out.
    """
    remarks: list[Remark] = []
    columns: dict[str, int] | None = None
    for at, cells in lines:
        if not any(text(cell) for cell in cells):
            continue
        try:
            if columns is None:
                columns = _head(at, [text(cell) for cell in cells], column_of, needed, remarks)
                continue
            take(at, {name: cells[place] for name, place in columns.items() if place < len(cells)})
        except Wrong as wrong:
            remarks.append(Remark(at, wrong.reason, wrong.facts))
            if columns is None:
                break
    return columns is not None, remarks


def _head(
    at: int,
    headings: Iterable[str],
    column_of: Callable[[str], str | None],
    needed: Collection[str],
    remarks: list[Remark],
) -> dict[str, int]:
    columns: dict[str, int] = {}
    ignored = []
    for place, heading in enumerate(headings):
        name = column_of(heading)
        if name is None:
            ignored += [heading[:LONGEST_SHOWN]] if heading else []
        elif name in columns:
            raise Wrong("heading_twice", heading=heading[:LONGEST_SHOWN])
        else:
            columns[name] = place
    if not columns.keys() >= set(needed):
        raise Wrong("no_heading")
    if ignored:
        listed = "、".join(ignored[:MOST_IGNORED])
        remarks.append(Remark(at, "columns_ignored", {"columns": listed}, told=True))
    return columns
