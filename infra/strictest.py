"""Computes the `default` pack: matter by matter the strictest limit of the five seeds.

    python -m infra.strictest            prints chalicelib/regulations/default.toml as it should be
    python -m infra.strictest --write    writes it

For each clock and each combination of matter, kind, urgency, severity and complexity, every seed's pack is
asked as it runs, and the limit wins that ends first whenever the clock starts. Where two limits cross (half a
working day ends before 48 hours on a Monday, and after them before a holiday), both are kept, and the earlier
end holds (`or_earlier`); the first named is the one that ends first on an ordinary Monday at opening time.
Equal limits go to a seed before ours, and to the seed with the lower number. Of revisits the greater number
wins, then the earlier one. What one seed has signed off is signed off. Combinations with the same winner are
gathered into as few rules as a split finds; where ours won, nothing is written, for the same rule comes from
common.toml.
"""

import json
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from itertools import permutations, product
from pathlib import Path

from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.regulation.limits import Clock
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
from infra.pack_toml import inline, limit, origin, promise, text
from infra.stricter import always_stricter, ends, staying

SEEDS = ("S0", "S1", "S2", "S3", "S4")
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "kinds": KINDS,
    "urgencies": URGENCIES,
    "severities": SEVERITIES,
    "complexities": COMPLEXITIES,
}

Cell = tuple[str, ...]  # one value for each of DIMENSIONS
Winner = tuple[str, ...]  # the ids of the rules of which the earliest end holds
Table = dict[Cell, Winner]  # a cell without a winner is left out
Box = dict[str, tuple[str, ...]]  # for each of DIMENSIONS the values it covers


def strictest_rules(packs: Iterable[Regulation], facts: Facts) -> dict[Clock, Winner]:
    """The strictest of the seeds' rules for this case: clock → rule ids, of which the earliest end holds.

    None where a rule of ours ends first.
    """
    rivals: dict[Clock, list[Rule]] = {}
    for pack in packs:
        for rule in pack.rules_for(facts):
            rivals.setdefault(rule.clock, []).extend(rule.limits())
    chosen: dict[Clock, Winner] = {}
    for clock, rules in rivals.items():
        kept: list[Rule] = []
        for rule in sorted(rules, key=_strictness):
            if not any(always_stricter(stricter, rule, facts) for stricter in kept):
                kept = [*(rival for rival in kept if not always_stricter(rule, rival, facts)), rule]
        if any(rule.source != OURS for rule in kept):
            chosen[clock] = tuple(rule.id for rule in kept)
    return chosen


def _strictness(rule: Rule) -> tuple[datetime, bool]:
    return ends(rule.limit), rule.source == OURS


def strictest_revisit(packs: Iterable[Regulation], facts: Facts) -> RevisitRule | None:
    """The revisit rule of the seeds that asks for most, and of those the earliest."""
    rules = [rule for pack in packs if (rule := pack.revisit_rule_for(facts)).source == pack.id]
    return min(rules, key=lambda rule: (-rule.count, ends(rule.within)), default=None)


def facts_of(matter: str, cell: Cell) -> Facts:
    kind, urgency, severity, complexity = cell
    return Facts(kind, matter, urgency, severity, complexity)


def boxes(table: Table, order: tuple[str, ...]) -> list[tuple[Box, Winner]]:
    """The table as disjoint boxes, split along the dimensions in this order."""
    cells: dict[Cell, Winner | None] = {cell: table.get(cell) for cell in product(*DIMENSIONS.values())}
    return [(box, winner) for box, winner in _split(cells, order, dict(DIMENSIONS)) if winner is not None]


def _split(
    cells: Mapping[Cell, Winner | None], order: tuple[str, ...], box: Box
) -> list[tuple[Box, Winner | None]]:
    winners = set(cells.values())
    if len(winners) == 1:
        return [(box, winners.pop())]
    name, *rest = order
    position = list(DIMENSIONS).index(name)
    groups: dict[tuple[tuple[Cell, Winner | None], ...], list[str]] = {}
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


def gathered(matters: Iterable[str], winner_of: Callable[[Facts], Winner | None]) -> list[tuple[Winner, Box]]:
    """Winner and conditions of each rule, the matters with the same table together."""
    tables: dict[str, Table] = {}
    for matter in matters:
        found = {cell: winner_of(facts_of(matter, cell)) for cell in product(*DIMENSIONS.values())}
        tables[matter] = {cell: winner for cell, winner in found.items() if winner is not None}
    parts: dict[tuple[Winner, str], tuple[Winner, Box, list[str]]] = {}
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
    rules = {part.id: part for pack in packs for rule in pack.rules for part in rule.limits()}
    revisits = {rule.id: rule for pack in packs for rule in pack.revisits.rules}
    strictest, room = cache(partial(strictest_rules, packs)), packs[0].appointments_within
    lines = [HEADER.format(version=tomllib.loads(Path(FOLDER, "default.toml").read_text("utf-8"))["version"])]
    for clock in Clock:

        def winner(facts: Facts, clock: Clock = clock) -> Winner | None:
            return strictest(facts).get(clock)

        for number, (rule_ids, box) in enumerate(gathered(matters, winner), start=1):
            first, *earlier = staying([rules[rule_id] for rule_id in rule_ids], room)
            lines += [
                "\n[[rules]]",
                f"id = {text(f'{clock}-{number}')}",
                f"clock = {text(clock)}",
                *conditions(box),
                *promise(first),
            ]
            for part, rule in enumerate(earlier, start=2):
                lines += ["[[rules.or_earlier]]", f"id = {text(f'{clock}-{number}-{part}')}", *promise(rule)]

    def revisit_winner(facts: Facts) -> Winner | None:
        rule = strictest_revisit(packs, facts)
        return (rule.id,) if rule else None

    for number, ((revisit_id,), box) in enumerate(gathered(matters, revisit_winner), start=1):
        revisit = revisits[revisit_id]
        lines += [
            "\n[[revisits]]",
            f"id = {text(f'revisit-{number}')}",
            *conditions(box),
            f"count = {revisit.count}",
            f"within = {limit(revisit.within)}",
            *origin(revisit),
        ]
    return "\n".join([*lines, *revisit_defaults(packs), *sampling(packs), *looked_at_first(packs)]) + "\n"


def conditions(box: Box) -> list[str]:
    given = {name: values for name, values in box.items() if values != DIMENSIONS.get(name)}
    written = ", ".join(f"{name} = {json.dumps(list(values))}" for name, values in given.items())
    return [f"when = {{ {written} }}"] if given else []


def revisit_defaults(packs: Iterable[Regulation]) -> list[str]:
    """The common table, with a survey only where every seed lets it stand."""
    table = tomllib.loads(Path(FOLDER, "common.toml").read_text("utf-8"))["revisit_defaults"]
    kinds = [kind for kind in KINDS if all(kind in pack.revisits.survey_counts for pack in packs)]
    return [
        "\n[revisit_defaults]",
        *(f"{name} = {inline(value)}" for name, value in {**table, "survey_counts": kinds}.items()),
    ]


def sampling(packs: Iterable[Regulation]) -> list[str]:
    """The greatest share that a seed asks for, of each rank and each sample.

    What has quotas is not sampled as well: the ranks share all of it already, and half of it cannot be the
    manager's besides (D5, D6).
    """
    policies = [pack.sampling for pack in packs]
    roles = dict.fromkeys(role for policy in policies for role in policy.quotas)
    quotas = {role: max(policy.quotas.get(role, 0.0) for policy in policies) for role in roles}
    sampled = max(policies, key=lambda policy: (policy.sample_serious, policy.sample_general))
    kinds = [kind for kind in sampled.sample_kinds if not (quotas and kind in policies[0].quota_kinds)]
    return [
        "\n[sampling]",
        f"quota_kinds = {json.dumps(list(policies[0].quota_kinds))}",
        f"quotas = {{ {', '.join(f'{role} = {share}' for role, share in quotas.items())} }}",
        f"sample_kinds = {json.dumps(kinds)}",
        f"sample_role = {text(sampled.sample_role)}",
        f"sample_general = {sampled.sample_general}",
        f"sample_serious = {sampled.sample_serious}",
        f"asked_again = {max(policy.asked_again for policy in policies)}",
    ]


def looked_at_first(packs: Iterable[Regulation]) -> list[str]:
    """The kinds whose result or plan some seed has looked at first (B5, B9)."""
    signed = {kind for pack in packs for kind in pack.sign_off.kinds}
    confirmed = {kind for pack in packs for kind in pack.plan_confirmed.kinds}
    asked = {"sign_off": signed, "plan_confirmed": confirmed}
    return [
        line
        for name, kinds in asked.items()
        for line in (f"\n[{name}]", f"kinds = {json.dumps([kind for kind in KINDS if kind in kinds])}")
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
