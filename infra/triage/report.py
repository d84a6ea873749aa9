"""Says how well the triage reads messages that its lexicon was not built from (A7, A8).

`make triage-report`: the sample in folds, each read with weights learned from the others; then each hand,
read with weights that were learned without it; then the fresh messages, by round; confusion, and every miss.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from chalicelib.adapters.lexicon_file import lexicon_from_file
from chalicelib.domain.intake.triage.answers import Triage
from chalicelib.domain.intake.triage.lexicon import Lexicon
from chalicelib.domain.intake.triage.reading import triage
from infra.places import PROJECT
from infra.triage.sources import lines, sources
from infra.triage.training import learn, read

SAMPLE = PROJECT / "tests" / "data" / "reports.jsonl"
FRESH = PROJECT / "tests" / "data" / "fresh.jsonl"
"""Messages that were written for no lexicon; docs/triage.md says how each round was first read."""
FOLDS = 5
QUESTIONS = ("category", "item", "kind", "urgency", "severity")
GOALS = {"category": 0.90, "item": 0.80, "kind": 0.82, "emergencies found": 0.97, "of them right": 0.85}
Row = Mapping[str, str]


@dataclass(frozen=True)
class Reading:
    """A labelled message, and how it was read."""

    row: Row
    triage: Triage

    def got(self, question: str) -> str:
        """The answer of the triage to a question."""
        return str(getattr(self.triage, question).value)

    def is_right(self, question: str) -> bool:
        """Whether it is the label."""
        return self.got(question) == self.row[question]


def sample() -> list[Row]:
    """The labelled messages."""
    return [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]


def fresh(round_number: int) -> list[Reading]:
    """The fresh messages of a round, read with the lexicon that is deployed."""
    rows = [json.loads(line) for line in FRESH.read_text("utf-8").splitlines()]
    lexicon = lexicon_from_file()
    return [Reading(row, triage(row["text"], lexicon)) for row in rows if row["round"] == round_number]


def rounds() -> list[int]:
    """The rounds of fresh messages."""
    return sorted({json.loads(line)["round"] for line in FRESH.read_text("utf-8").splitlines()})


def held_out(rows: Sequence[Row], out: Sequence[int]) -> list[Reading]:
    """The messages at some places, read with weights learned from all the others."""
    lexicon = _hand()
    kept = [row for place, row in enumerate(rows) if place not in set(out)]
    built = learn([read(row, lexicon) for row in (*kept, *lines())], lexicon)
    return [Reading(rows[place], triage(rows[place]["text"], built)) for place in out]


@cache
def _hand() -> Lexicon:
    return sources()


def folds(count: int, size: int) -> Iterator[list[int]]:
    """The places of each fold; together they are all places."""
    places = list(range(size))
    random.Random(11).shuffle(places)  # noqa: S311 - no secret, and the same each time
    for fold in range(count):
        yield places[fold::count]


def without_hand(rows: Sequence[Row], hand: str) -> list[int]:
    """The places of one hand's messages."""
    return [place for place, row in enumerate(rows) if row["hand"] == hand]


def figures(readings: Sequence[Reading]) -> dict[str, float]:
    """The share of right answers to each question, and how emergencies were found."""
    count = len(readings)
    found = {
        question: sum(reading.is_right(question) for reading in readings) / count for question in QUESTIONS
    }
    taken = [reading for reading in readings if reading.got("urgency") == "emergency"]
    real = [reading for reading in readings if reading.row["urgency"] == "emergency"]
    both = sum(reading.row["urgency"] == "emergency" for reading in taken)
    found["emergencies found"] = both / len(real) if real else 1.0
    found["of them right"] = both / len(taken) if taken else 1.0
    return found


def main() -> int:
    """Prints the report; returns 1 if a goal is missed over the folds."""
    rows = sample()
    readings = [reading for out in folds(FOLDS, len(rows)) for reading in held_out(rows, out)]
    whole = figures(readings)
    _print_figures(f"{len(rows)} messages in {FOLDS} folds", whole)
    for hand in sorted({row["hand"] for row in rows}):
        out = without_hand(rows, hand)
        _print_figures(f"{len(out)} by hand {hand}, learned without it", figures(held_out(rows, out)))
    for number in rounds():
        read_now = fresh(number)
        _print_figures(f"{len(read_now)} fresh messages, round {number}", figures(read_now))
    for question in QUESTIONS:
        _print_confusion(question, readings)
    print("\nEvery miss, in the folds:")
    for reading in readings:
        missed = [question for question in QUESTIONS if not reading.is_right(question)]
        if missed:
            said = "; ".join(
                f"{question} {reading.row[question]} → {reading.got(question)}" for question in missed
            )
            print(f"  {reading.row['id']} {said}\n      {' '.join(reading.row['text'].split())[:140]}")
    return int(any(whole[name] < goal for name, goal in GOALS.items()))


def _print_figures(title: str, found: Mapping[str, float]) -> None:
    print(f"\n{title}")
    for name, share in found.items():
        goal = GOALS.get(name)
        mark = "" if goal is None else f"  goal {goal:.0%} {'✓' if share >= goal else '✗'}"
        print(f"  {name:18}{share:7.1%}{mark}")


def _print_confusion(question: str, readings: Sequence[Reading]) -> None:
    mixed = Counter(
        (reading.row[question], reading.got(question))
        for reading in readings
        if not reading.is_right(question)
    )
    print(f"\n{question}: what was taken for what")
    for (right, got), count in mixed.most_common(15):
        print(f"  {count:3}  {right} → {got}")


if __name__ == "__main__":
    raise SystemExit(main())
