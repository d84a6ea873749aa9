"""Parts of a case's page: clocks, forms, and the line for what was just done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, OPEN, Case, State
from chalicelib.domain.case.clocks import ExtensionRequest
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.points import Point
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.limits import Clock, Unit
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.case_line import POINT, REVISIT
from chalicelib.services.views.deadline_view import DeadlineView
from chalicelib.web.form_fields import Field, fields_of
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short, spoken_with_zone, yuan
from chalicelib.web.words import Words


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One deadline in words."""

    name: str
    due: str
    met: str
    first_due: str
    late: bool
    reasons: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form that was sent and not taken: what was typed, and why not.

    `asked` is the number of the case that a report is asked about: is it this one?
    """

    command: str
    typed: Typed
    mistakes: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    status: int = 400
    asked: str = ""


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


DECISIONS = ("grant_extension", "refuse_extension", "uphold", "accept_appointment", "decline_appointment")
"""Possible only while somebody waits for the answer."""

ONWARD = ("accept_appointment", "sign", "agree", "start", "complete", "rate")
"""The next step of a case, where there is one: its form stands open on a page with few things to do."""


def forms_shown(
    commands: Iterable[str],
    context: Context,
    words: Words,
    attempt: Attempt | None,
    leading: tuple[str, ...] = (),
) -> tuple[FormShown, ...]:
    """The forms of the commands; the first of `leading` is open. One that was not taken stands first, open.

    It does so even when its command is not possible any more, so that what was typed is not lost.
    """
    possible = tuple(commands)
    names, opened = possible, next((command for command in possible if command in leading), None)
    if attempt is not None:
        names = (attempt.command, *(command for command in possible if command != attempt.command))
        opened = attempt.command
        if attempt.command not in possible and possible:
            others = words.listed(words.command(command) for command in possible)
            what_else = words("errors.CommandRefused_possible", commands=others)
            attempt = replace(attempt, refusal=attempt.refusal + words("page.between_sentences") + what_else)
    shown = (_form(name, context, words, attempt) for name in names)
    return tuple(replace(panel, open=panel.command == opened) for panel in shown)


def _form(name: str, context: Context, words: Words, attempt: Attempt | None) -> FormShown:
    sent = attempt if attempt is not None and attempt.command == name else Attempt(name, {})
    drawn = fields_of(TABLE[name].form, name, context, words)
    once = sent.typed.get("once", "")
    return FormShown(name, words.command(name), drawn, sent.typed, sent.mistakes, sent.refusal, False, once)


def clock_lines(
    views: Iterable[DeadlineView], case: Case, context: Context, words: Words
) -> tuple[ClockLine, ...]:
    """The deadlines of a case, with their zone.

    Of a case that has ended only those that were kept or missed.
    """
    seconds = counts_seconds(context)
    running = {deadline.clock for deadline in case.open} if case.state in OPEN else set()
    shown = (deadline for deadline in views if deadline.clock in running or deadline.met_at)
    return tuple(_clock_line(deadline, seconds, words) for deadline in shown)


def _clock_line(deadline: DeadlineView, seconds: bool, words: Words) -> ClockLine:
    met, zone = deadline.met_at, deadline.zone
    # A pause of seconds moves a deadline by less than is printed: that is not said twice.
    due, first = (short(at, zone, words, seconds=seconds) for at in (deadline.due_at, deadline.first_due_at))
    return ClockLine(
        name=words.name("clocks", deadline.clock),
        due=words("track.due", moment=spoken_with_zone(deadline.due_at, zone, words, seconds=seconds)),
        met=words("track.met", moment=short(met, zone, words, seconds=seconds)) if met else "",
        first_due=words("track.first_due", moment=first) if first != due else "",
        late=deadline.late,
        reasons=deadline.reasons,
    )


def due_name(what: str, words: Words) -> str:
    """The name of what is due: a clock, the revisit, or the answer to what was raised at one."""
    return words(f"desk.{what}") if what in {REVISIT, POINT} else words.name("clocks", what)


def late_clocks(clocks: Iterable[Clock], words: Words) -> str:
    """The names of the clocks that were not kept; empty if all were."""
    names = words.listed(words.name("clocks", clock) for clock in clocks)
    return words("desk.late_clocks", clocks=names) if names else ""


def counts_seconds(context: Context) -> bool:
    """Whether the regulation has limits of seconds, as the one for demonstrations."""
    return any(
        rule.limit.unit is Unit.SECONDS for rule in context.regulation.rules if rule.clock is Clock.SOLVE
    )


def state_line(case: Case, words: Words) -> str:
    """The state of the case in the resident's words.

    A completed case waits for the rating, then for a revisit.
    """
    if case.state is State.COMPLETED and case.rating is None:
        return words("track.unrated")
    return state_name(case.state, case.classification.matter, words)


def state_name(state: State, matter: str, words: Words) -> str:
    """The name of a state; what nobody has sorted is not to be assigned yet (A7)."""
    if state is State.REGISTERED and matter == UNSORTED:
        return words("track.state_unsorted")
    return words.name("states", state)


def pause_line(case: Case, words: Words) -> str:
    """Why the clock stands still, and until when; empty if it does not."""
    pause = case.clocks.pause
    if pause is None:
        return ""
    reason = words.name("pause_reasons", pause.reason)
    return words("track.paused", reason=reason, until=short(pause.until, case.zone, words))


def visit_line(visit: ProposedVisit | None, page: str, zone: str, words: Words) -> str:
    """The visit that waits for an answer, in the words of a page (`track` or `work`); empty if none does."""
    if visit is None:
        return ""
    side = "resident" if visit.by_resident else "staff"
    return words(f"{page}.proposed_by_{side}", moment=spoken_with_zone(visit.visit_at, zone, words))


def objection_line(case: Case, words: Words) -> str:
    """The objection that waits for the manager; empty if none does (B1)."""
    if case.state is not State.OBJECTED:
        return ""
    return words("case.objected", reason=case.ending.objection or "")


def price_line(plan: ev.Proposed | None, words: Words) -> str:
    """The price that the plan costs the resident."""
    if plan is None or not plan.price_fen:
        return words("track.free")
    return words("page.price", yuan=yuan(plan.price_fen))


JUST_NOW = timedelta(minutes=2)
"""So long after it a reader is told that the own command was taken."""


def just_done(command: str | None, actor: Actor, events: Iterable[ev.Event], now: datetime) -> bool:
    """Whether this actor's last act is that command, and just now.

    An address alone proves nothing.
    """
    own = [event for event in events if event.actor == actor]
    return bool(own) and own[-1].command == command and now - own[-1].at < JUST_NOW


def done_line(
    command: str | None, actor: Actor, events: Iterable[ev.Event], now: datetime, words: Words
) -> str:
    """A sentence for the command that the reader gave just now.

    The redirect after a form names it; empty for anything else.
    """
    if command is None or not just_done(command, actor, events, now):
        return ""
    if command == "register":
        return words("receipt.title")
    return words("page.done", command=words.command(command)) if command in TABLE else ""


def returned_line(case: Case, words: Words) -> str:
    """Why the case came back, for the staff who put it right (D7).

    Empty in the first round.
    """
    if case.follow_up.returned_by is None:
        return ""
    cause = words.name("reopened_because", case.follow_up.returned_by)
    last = case.tally.ratings[-1] if case.follow_up.returned_by == "rating" and case.tally.ratings else None
    said = (
        words.name("scores", str(last.score))
        if last and not last.comment
        else case.follow_up.returned_because
    )
    return f"{cause} · {said}" if said else cause


def points_shown(case: Case, context: Context, words: Words) -> tuple[tuple[str, str, bool], ...]:
    """The points raised at revisits (D4): each with its number, what became of it, and whether it is open."""
    return tuple(_point(point, context, words) for point in case.points)


def _point(point: Point, context: Context, words: Words) -> tuple[str, str, bool]:
    zone = context.community.zone
    if point.answered_at is None:
        said = words("case.point_open", due=short(point.due_at, zone, words))
    else:
        at, person = short(point.answered_at, zone, words), name_of(point.answered_by, context)
        said = words("case.point_answered", at=at, person=person, done=point.done, answer=point.answer)
    return f"{point.nth}. {point.text or words('page.none')}", said, not point.dealt_with


def outside_line(case: Case, context: Context, words: Words) -> str:
    """The outside numbers to call for what happens just now (A6); empty where nobody has to be called."""
    if case.state not in IN_DISPATCH or case.classification.urgency == "normal":
        return ""
    numbers = context.regulation.outside_for(case.classification.matter)
    said = words.listed(f"{words.of(number.names)} {number.phone}" for number in numbers)
    return words("case.outside", numbers=said) if said else ""


def asked_line(request: ExtensionRequest | None, context: Context, words: Words) -> str:
    """The extension that waits for the manager; empty if none does."""
    if request is None:
        return ""
    until = short(request.until, context.community.zone, words)
    person = name_of(request.requested_by, context)
    return words("case.extension_asked", person=person, until=until, reason=request.reason)


def to_call_line(case: Case, context: Context, words: Words) -> str:
    """What the resident could not be told by a message, and who is asked to call; empty if nothing (B8)."""
    if not case.telling.to_call:
        return ""
    told = dict.fromkeys(words.name("written_for_resident", untold.of) for untold in case.telling.to_call)
    asked = [name_of(username, context) for username in case.telling.asked]
    who = words.listed(asked) if asked else words("page.unknown_person")
    return words("case.to_call", what=words.listed(told), who=who)
