"""Parts of a case as the pages show them: its clocks, its forms, and what was just done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain import events as ev
from chalicelib.domain.case import CurrentPause
from chalicelib.domain.clocks import Setting
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation import Clock, Unit
from chalicelib.services.deadline_views import DeadlineView
from chalicelib.web.fields import Field, fields_of
from chalicelib.web.moments import short, spoken_with_zone
from chalicelib.web.money import yuan
from chalicelib.web.typed import Typed
from chalicelib.web.words import Words


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One deadline in words."""

    name: str
    due: str
    met: str
    first_due: str
    late: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that was sent and not taken: what was typed, and why not."""

    command: str
    typed: Typed
    mistakes: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    status: int = 400


@dataclass(frozen=True, slots=True)
class FormShown:
    """The form of one command, empty or as it was sent. `once` is the key that makes a repeat harmless."""

    command: str
    label: str
    fields: tuple[Field, ...]
    values: Typed
    mistakes: Mapping[str, str]
    refusal: str
    open: bool
    once: str


ONWARD = ("sign", "agree", "start", "complete", "rate")
"""The next step of a case, where there is one: its form stands open on a page with few things to do."""


def forms_shown(
    commands: Iterable[str],
    setting: Setting,
    words: Words,
    attempt: Attempt | None,
    leading: tuple[str, ...] = (),
) -> tuple[FormShown, ...]:
    """The forms of the commands; the first of `leading` is open. One that was not taken stands first, open.

    It does so even when its command is not possible any more, so that what was typed is not lost.
    """
    possible = tuple(commands)
    names, opened = possible, next((one for one in possible if one in leading), None)
    if attempt is not None:
        names = (attempt.command, *(one for one in possible if one != attempt.command))
        opened = attempt.command
        if attempt.command not in possible and possible:
            others = words.listed(words.command(one) for one in possible)
            what_else = words("errors.CommandRefused_possible", commands=others)
            attempt = replace(attempt, refusal=attempt.refusal + words("page.between_sentences") + what_else)
    shown = (_form(name, setting, words, attempt) for name in names)
    return tuple(replace(one, open=one.command == opened) for one in shown)


def _form(name: str, setting: Setting, words: Words, attempt: Attempt | None) -> FormShown:
    sent = attempt if attempt is not None and attempt.command == name else Attempt(name, {})
    drawn = fields_of(TABLE[name].form, name, setting, words)
    once = sent.typed.get("once", "")
    return FormShown(name, words.command(name), drawn, sent.typed, sent.mistakes, sent.refusal, False, once)


def clock_lines(views: Iterable[DeadlineView], by_seconds: bool, words: Words) -> tuple[ClockLine, ...]:
    """The deadlines with their zone; `by_seconds` where limits are so short that minutes say nothing."""
    return tuple(_clock_line(one, by_seconds, words) for one in views)


def _clock_line(one: DeadlineView, seconds: bool, words: Words) -> ClockLine:
    met, first = one.met_at, one.first_due_at
    return ClockLine(
        name=words.name("clocks", one.clock),
        due=words("track.due", moment=spoken_with_zone(one.due_at, one.zone, words, seconds=seconds)),
        met=words("track.met", moment=short(met, one.zone, words, seconds=seconds)) if met else "",
        first_due=(
            words("track.first_due", moment=short(first, one.zone, words, seconds=seconds))
            if first != one.due_at
            else ""
        ),
        late=one.late,
        reasons=one.reasons,
    )


def counts_seconds(setting: Setting) -> bool:
    """Whether the regulation has limits of seconds, as the one for demonstrations."""
    return any(one.limit.unit is Unit.SECONDS for one in setting.regulation.rules if one.clock is Clock.SOLVE)


def pause_line(pause: CurrentPause | None, zone: str, words: Words) -> str:
    """Why the clock stands still, and until when; empty if it does not."""
    if pause is None:
        return ""
    reason = words.name("pause_reasons", pause.reason)
    return words("track.paused", reason=reason, until=short(pause.until, zone, words))


def price_line(plan: ev.Proposed | None, words: Words) -> str:
    """What the plan costs the resident."""
    if plan is None or not plan.price_fen:
        return words("track.free")
    return words("page.price", yuan=yuan(plan.price_fen))


def done_line(command: str | None, words: Words) -> str:
    """What was done just now, as the redirect after a form says; empty for anything else."""
    if command == "register":
        return words("receipt.title")
    return (
        words("page.done", command=words.command(command)) if command is not None and command in TABLE else ""
    )


def asked_line(until: datetime, person: str, reason: str, zone: str, words: Words) -> str:
    """The extension that somebody waits for."""
    return words("case.extension_asked", person=person, until=short(until, zone, words), reason=reason)
