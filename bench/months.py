"""The cost of reading a month's figures.

It is the same for a hundred cases and for ten thousand.

The months are made of a few whole stories, one for each matter, that happened again and again: their changes
to the figures are added up and written as the commands would have written them one by one.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.moto_desk import caller, moto_desk
from bench.result import Result, progress
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.tables import CONNECTION, FigureRow
from chalicelib.domain.case.case import State
from chalicelib.domain.figures.contribution import changes
from tests.builders import regulations
from tests.stories import in_state

STORIES = 20
MONTHS = {"2026-09": 100, "2026-10": 10_000}
WARM_UP = "2026-08"


def measure() -> list[Result]:
    """Items read by GET …/figures, which must not depend on the number of cases."""
    progress("months of " + " and ".join(f"{cases:,}" for cases in MONTHS.values()) + " cases")
    happened = _what_happened()
    with moto_desk():
        manager = caller("manager-1", "manager")
        for month, cases in MONTHS.items():
            _write(month.replace("-", ""), happened, cases // STORIES)
        manager.get(_figures(WARM_UP))
        read = {}
        for month, cases in MONTHS.items():
            with _items_read() as counted:
                answer = manager.get(_figures(month))
            assert answer["rows"][0]["counters"]["registered"] == cases
            read[cases] = counted.total()
    found = ", ".join(f"{items} of {cases:,} cases" for cases, items in read.items())
    equal = len(set(read.values())) == 1
    return [Result("items read for a month's figures", found, "equal", equal, counted=True)]


def _figures(month: str) -> str:
    return f"/v1/communities/riverside/figures?month={month}"


def _what_happened() -> Counter[tuple[str, str]]:
    """Row and counter → change, over one closed case of each matter."""
    found: Counter[tuple[str, str]] = Counter()
    for matter in sorted(regulations().get("default").matters)[:STORIES]:
        for outcome in in_state(State.CLOSED, matter=matter).outcomes:
            for row, counters in changes(outcome.before, outcome.after).items():
                for name, amount in counters.items():
                    found[row, name] += amount
    return found


def _write(month: str, happened: Counter[tuple[str, str]], times: int) -> None:
    for (row, name), amount in happened.items():
        if amount:
            FigureRow(keys.month("riverside", month), row).update(
                [getattr(FigureRow, name).add(amount * times)]
            )


@contextmanager
def _items_read() -> Iterator[Counter[str]]:
    """Operation → items that DynamoDB looked at for it, while this lasts."""
    counted: Counter[str] = Counter()

    def answered(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        counted[model.name] += parsed.get("ScannedCount", int("Item" in parsed))

    events = CONNECTION.client.meta.events
    events.register("after-call.dynamodb.*", answered)
    try:
        yield counted
    finally:
        events.unregister("after-call.dynamodb.*", answered)
