"""Computes the `default` pack: matter by matter the strictest limit of the five seeds.

    python -m infra.strictest            prints chalicelib/regulations/default.toml as it should be
    python -m infra.strictest --write    writes it

For each clock and each combination of matter, kind, urgency, severity and complexity, every seed's pack is
asked as it runs, and the limit that ends first wins when all begin on an ordinary Monday at opening time.
Equal limits go to a seed before ours, and to the seed with the lower number. Of revisits the greater number
wins, then the earlier one. Combinations with the same winner are gathered into as few rules as a split
finds; where ours won, nothing is written, for the same rule comes from common.toml.
"""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, partial
from itertools import permutations, product
from pathlib import Path

from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.deadlines.calendar import Calendar, Window
from chalicelib.domain.deadlines.periods import period_of
from chalicelib.domain.regulation.limits import Clock, Limit
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import (
    COMPLEXITIES,
    KINDS,
    OURS,
    SEVERITIES,
    URGENCIES,
    Facts,
    RevisitRule,
    Rule,
)

SEEDS = ("S0", "S1", "S2", "S3", "S4")
ORDINARY_WEEK = Calendar("UTC", dict.fromkeys(range(5), (Window(510, 720), Window(840, 1050))))
MONDAY_AT_OPENING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ORIGIN = ("source", "requirement", "why", "why_zh")
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "kinds": KINDS,
    "urgencies": URGENCIES,
    "severities": SEVERITIES,
    "complexities": COMPLEXITIES,
}

Cell = tuple[str, ...]  # one value for each of DIMENSIONS
Table = dict[Cell, str]  # the id of the winner; a cell without one is left out
Box = dict[str, tuple[str, ...]]  # for each of DIMENSIONS the values it covers


@cache
def ends(limit: Limit) -> datetime:
    """When a limit has run out that begins on an ordinary Monday at opening.

    The earlier it ends, the stricter it is.
    """
    return period_of(limit, MONDAY_AT_OPENING, ORDINARY_WEEK)[1]


def strictest_rules(packs: Iterable[Regulation], facts: Facts) -> dict[Clock, str]:
    """The strictest of the seeds' rules for this case: clock → rule id.

    No id where a rule of ours ends first.
    """
    chosen: dict[Clock, Rule] = {}
    for pack in packs:
        for rule in pack.rules_for(facts):
            rival = chosen.get(rule.clock)
            if rival is None or _strictness(rule) < _strictness(rival):
                chosen[rule.clock] = rule
    return {clock: rule.id for clock, rule in chosen.items() if rule.source != OURS}


def _strictness(rule: Rule) -> tuple[datetime, bool]:
    return ends(rule.limit), rule.source == OURS


def strictest_revisit(packs: Iterable[Regulation], facts: Facts) -> RevisitRule | None:
    """The revisit rule of the seeds that asks for most, and of those the earliest."""
    rules = [rule for pack in packs if (rule := pack.revisit_rule_for(facts)).source == pack.id]
    return min(rules, key=lambda rule: (-rule.count, ends(rule.within)), default=None)


def facts_of(matter: str, cell: Cell) -> Facts:
    kind, urgency, severity, complexity = cell
    return Facts(kind, matter, urgency, severity, complexity)


def boxes(table: Table, order: tuple[str, ...]) -> list[tuple[Box, str]]:
    """The table as disjoint boxes, split along the dimensions in this order."""
    cells: dict[Cell, str | None] = {cell: table.get(cell) for cell in product(*DIMENSIONS.values())}
    return [(box, winner) for box, winner in _split(cells, order, dict(DIMENSIONS)) if winner is not None]


def _split(
    cells: Mapping[Cell, str | None], order: tuple[str, ...], box: Box
) -> list[tuple[Box, str | None]]:
    winners = set(cells.values())
    if len(winners) == 1:
        return [(box, winners.pop())]
    name, *rest = order
    position = list(DIMENSIONS).index(name)
    groups: dict[tuple[tuple[Cell, str | None], ...], list[str]] = {}
    for value in DIMENSIONS[name]:
        part = tuple(
            ((*cell[:position], *cell[position + 1 :]), winner)
            for cell, winner in cells.items()
            if cell[position] == value
        )
        groups.setdefault(part, []).append(value)
    found = []
    for values in groups.values():
        inner = {cell: winner for cell, winner in cells.items() if cell[position] == values[0]}
        found += _split(inner, tuple(rest), {**box, name: tuple(values)})
    return found


def gathered(matters: Iterable[str], winner_of: Callable[[Facts], str | None]) -> list[tuple[str, Box]]:
    """Winner and conditions of each rule, the matters with the same table together."""
    tables: dict[str, Table] = {}
    for matter in matters:
        found = {cell: winner_of(facts_of(matter, cell)) for cell in product(*DIMENSIONS.values())}
        tables[matter] = {cell: winner for cell, winner in found.items() if winner is not None}
    parts: dict[tuple[str, str], tuple[str, Box, list[str]]] = {}
    for matter, table in tables.items():
        for box, winner in min((boxes(table, order) for order in permutations(DIMENSIONS)), key=len):
            parts.setdefault((winner, repr(box)), (winner, box, []))[2].append(matter)
    everything = list(tables)
    return [
        (winner, box if of_matters == everything else {"matters": tuple(of_matters), **box})
        for winner, box, of_matters in parts.values()
    ]


def default_pack(files: RegulationFiles) -> str:
    """The text of default.toml, under the version that it has now."""
    packs = [files.get(pack_id) for pack_id in SEEDS]
    matters = [matter.id for matter in packs[0].sortable]
    rules = {rule.id: rule for pack in packs for rule in pack.rules}
    revisits = {rule.id: rule for pack in packs for rule in pack.revisits.rules}
    strictest = cache(partial(strictest_rules, packs))
    lines = [HEADER.format(version=tomllib.loads(Path(FOLDER, "default.toml").read_text("utf-8"))["version"])]
    for clock in Clock:

        def winner(facts: Facts, clock: Clock = clock) -> str | None:
            return strictest(facts).get(clock)

        for number, (rule_id, box) in enumerate(gathered(matters, winner), start=1):
            rule = rules[rule_id]
            lines += [
                "\n[[rules]]",
                f"id = {text(f'{clock}-{number}')}",
                f"clock = {text(clock)}",
                *conditions(box),
                f"limit = {limit(rule.limit)}",
                f"appointment = {text(rule.appointment)}",
                *origin(rule),
            ]

    def revisit_winner(facts: Facts) -> str | None:
        rule = strictest_revisit(packs, facts)
        return rule.id if rule else None

    for number, (revisit_id, box) in enumerate(gathered(matters, revisit_winner), start=1):
        revisit = revisits[revisit_id]
        lines += [
            "\n[[revisits]]",
            f"id = {text(f'revisit-{number}')}",
            *conditions(box),
            f"count = {revisit.count}",
            f"within = {limit(revisit.within)}",
            *origin(revisit),
        ]
    return "\n".join([*lines, *sampling(packs)]) + "\n"


def text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string


def conditions(box: Box) -> list[str]:
    given = {name: values for name, values in box.items() if values != DIMENSIONS.get(name)}
    written = ", ".join(f"{name} = {json.dumps(list(values))}" for name, values in given.items())
    return [f"when = {{ {written} }}"] if given else []


def limit(value: Limit) -> str:
    amount = f"amount = {value.amount:g}, unit = {text(value.unit)}, count = {text(value.count)}"
    return f"{{ {amount}, around_the_clock = {str(value.around_the_clock).lower()} }}"


def origin(rule: Rule | RevisitRule) -> list[str]:
    return [f"{name} = {text(getattr(rule, name))}" for name in ORIGIN]


def sampling(packs: Iterable[Regulation]) -> list[str]:
    """The greatest share that a seed asks for, of each rank and each sample."""
    policies = [pack.sampling for pack in packs]
    roles = dict.fromkeys(role for policy in policies for role in policy.quotas)
    quotas = {role: max(policy.quotas.get(role, 0.0) for policy in policies) for role in roles}
    sampled = max(policies, key=lambda policy: (policy.sample_serious, policy.sample_general))
    return [
        "\n[sampling]",
        f"quota_kinds = {json.dumps(list(policies[0].quota_kinds))}",
        f"quotas = {{ {', '.join(f'{role} = {share}' for role, share in quotas.items())} }}",
        f"sample_kinds = {json.dumps(list(sampled.sample_kinds))}",
        f"sample_role = {text(sampled.sample_role)}",
        f"sample_general = {sampled.sample_general}",
        f"sample_serious = {sampled.sample_serious}",
        f"asked_again = {max(policy.asked_again for policy in policies)}",
    ]


HEADER = """\
# The strictest of the five seeds, matter by matter. Computed by infra/strictest.py: change the packs S0 to S4
# and run `python -m infra.strictest --write`, not this file. What no seed says comes from common.toml.
id = "default"
version = {version}
names = {{ zh-CN = "从严制度", zh-TW = "從嚴制度", en = "Strictest of the five" }}"""


def main() -> None:
    written = default_pack(RegulationFiles())
    if "--write" in sys.argv[1:]:
        Path(FOLDER, "default.toml").write_text(written, encoding="utf-8")
    else:
        sys.stdout.write(written)


if __name__ == "__main__":
    main()
