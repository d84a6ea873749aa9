"""Sentences in every language, word for word: sentences.json has situations of every kind and what is told.

A sentence that is meant to change is changed in that file.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.adapters.holidays import OFFICE_WEEK, calendar_for
from chalicelib.adapters.regulation_files import RegulationFiles
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.deadlines.calendar import Amendment, Calendar, Window
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for
from chalicelib.domain.deadlines.explanation import explain
from chalicelib.domain.deadlines.ledger import Pause
from chalicelib.domain.deadlines.signing_limit import with_signing_limit
from chalicelib.domain.follow_up.explanation import explain_revisits
from chalicelib.domain.regulation.limits import Clock, CountFrom, Limit, Unit
from chalicelib.domain.regulation.rules import Appointment, RevisitRule, Rule
from tests.words import WORDS

SITUATIONS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("sentences.json").read_text(encoding="utf-8")
)
S1 = RegulationFiles().get("S1")
OF_REASONS = ("dates", "joints", "amounts", "reasons", "pauses", "sources", "revisits")

EVENINGS_TOO = {**dict.fromkeys(range(5), (Window(480, 1200),)), 5: (Window(540, 720),)}
SHORT_WEEKENDS = {**OFFICE_WEEK, 5: (Window(540, 720),), 6: (Window(540, 720),)}
CALENDARS = {
    "office": calendar_for("Asia/Shanghai"),
    "short weekends": calendar_for("Asia/Shanghai", windows=SHORT_WEEKENDS),
    "day and night": calendar_for("Asia/Shanghai", windows=dict.fromkeys(range(7), (Window(0, 1440),))),
    "staffed daily": replace(
        calendar_for("Asia/Shanghai"),
        staffed=Calendar("Asia/Shanghai", dict.fromkeys(range(7), (Window(480, 1200),))),
    ),
    "staffed in the evenings": replace(
        calendar_for("Asia/Shanghai"), staffed=calendar_for("Asia/Shanghai", windows=EVENINGS_TOO)
    ),
    "Hong Kong": calendar_for("Asia/Hong_Kong", "HK"),
    "without a beginning": replace(calendar_for("Asia/Shanghai"), published_from=date.min),
}


def at(text: str | None) -> datetime | None:
    """An instant (UTC) of the file."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def moment(text: str) -> datetime:
    found = at(text)
    assert found is not None
    return found


def limit_of(given: Any) -> Limit:
    amount, unit, count, around_the_clock = given
    return Limit(amount, Unit(unit), CountFrom(count), around_the_clock=around_the_clock)


def calendar_of(found: dict[str, Any]) -> Calendar:
    changed = {
        date.fromisoformat(day): Amendment(tuple(Window(*window) for window in windows), name)
        for day, (windows, name) in found.get("amended", {}).items()
    }
    return replace(CALENDARS[found["calendar"]], amendments=changed)


def rule_of(found: dict[str, Any]) -> Rule:
    return Rule(
        "told",
        Clock(found.get("clock", "solve")),
        limit_of(found["limit"]),
        found.get("source", "S1"),
        "C2",
        "we chose it",
        appointment=Appointment(found.get("appointment", "replaces")),
        why_zh="我们自定",
    )


def deadline_of(found: dict[str, Any], calendar: Calendar) -> Deadline:
    deadline = deadline_for(
        rule_of(found),
        moment(found["start"]),
        calendar,
        pauses=[Pause(moment(start), moment(end), why) for start, end, why in found.get("pauses", ())],
        extended_to=at(found.get("extended_to")),
        extended_at=at(found.get("extended_at")),
        appointment=at(found.get("agreed")),
        share=found.get("share", 1.0),
        care=found.get("care", 1.0),
        promised=at(found.get("promised")),
        work_by=at(found.get("work_by")),
        work=limit_of(found["work"]) if "work" in found else None,
    )
    if "waits" not in found:
        return deadline
    clock, limit, start = found["waits"]
    waiting = Rule("waits", Clock(clock), limit_of(limit), "S1", "C1", "it waits")
    (signed,) = with_signing_limit([deadline], [deadline_for(waiting, moment(start), calendar)], calendar)
    return signed


def told(found: dict[str, Any], words: Catalogue) -> list[str]:
    """What is told of a situation: of revisits if it has a number of them, else of a deadline."""
    calendar = calendar_of(found)
    if "revisits" in found:
        limit, source = limit_of(found["limit"]), found["source"]
        rule = RevisitRule("told", found["revisits"], limit, source, "D2", "we chose it", why_zh="我们自定")
        return list(explain_revisits(rule, found["survey"], moment(found["start"]), calendar, words))
    deadline, regulation = deadline_of(found, calendar), replace(S1, rules=(rule_of(found),))
    sourced = found.get("sourced", True)
    return list(explain(deadline, calendar, words, sourced=sourced, regulation=regulation))


@pytest.mark.req("G2", "D2")
@pytest.mark.parametrize("language", WORDS.languages())
def test_every_sentence_is_word_for_word_what_it_was(language: str) -> None:
    for found in SITUATIONS:
        assert told(found, WORDS.get(language)) == found[language], found


class Asked(dict[str, str]):
    """A group of words that remembers which of them were asked for."""

    def __init__(self, group: str, words: dict[str, str], seen: set[str]) -> None:
        super().__init__(words)
        self.group, self.seen = group, seen

    def __getitem__(self, key: str) -> str:
        self.seen.add(f"{self.group}.{key}")
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.seen.add(f"{self.group}.{key}")
        return super().get(key, default)


def listening(words: Catalogue, seen: set[str]) -> Catalogue:
    return replace(
        words, groups={group: Asked(group, dict(words.groups[group]), seen) for group in words.groups}
    )


@pytest.mark.parametrize("language", WORDS.languages())
def test_the_situations_use_every_word_of_the_catalogue_that_reasons_are_made_of(language: str) -> None:
    """So no template is dead, and none asks for a value that it is not given."""
    words, seen = WORDS.get(language), set[str]()
    for found in SITUATIONS:
        told(found, listening(words, seen))
    there = {f"{group}.{key}" for group in OF_REASONS for key in words.groups[group]}
    assert there - seen == set()
