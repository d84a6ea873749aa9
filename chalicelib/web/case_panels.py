"""Parts of a case's page: clocks, forms, and the line for what was just done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.follow_up.praise import PRAISE, PraiseForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.regulation.limits import Clock
from chalicelib.services.case_line import DECISION, POINT, REVISIT
from chalicelib.services.views.deadline_view import DeadlineView, that_matter
from chalicelib.web.form_fields import Field, fields_on
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short, spoken_with_zone
from chalicelib.web.words import Words, begun


class ClockLine(Struct, frozen=True):
    """One deadline in words."""

    name: str
    due: str
    met: str
    first_due: str
    late: bool
    reasons: tuple[str, ...] | None


class Attempt(Struct, frozen=True):
    """A form that was sent and not taken: what was typed, and why not.

    `asked` is the number of the case that a report is asked about: is it this one?
    """

    command: str
    typed: Typed
    mistakes: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    status: int = 400
    asked: str = ""


FROM_THE_BOOK = frozenset({"entry"})
"""What a way from the answer book puts into a form: nobody knows its mark by heart."""

STAFF_ONLY = frozenset({"join_incident.into"})
"""What only staff can know; a resident answers about the incident that was offered."""


class FormShown(Struct, frozen=True):
    """The form of one command, empty or as it was sent. `once` is the key that makes a repeat harmless."""

    command: str
    label: str
    fields: tuple[Field, ...]
    values: Typed
    mistakes: Mapping[str, str]
    refusal: str
    open: bool
    once: str


DECISIONS = (
    "grant_extension",
    "refuse_extension",
    "uphold",
    "accept_appointment",
    "decline_appointment",
    "confirm_malicious",
    "dismiss_malicious",
    "decide_appeal",
    "confirm_alarm",
    "approve_reply",
    "return_reply",
    "post_reply",
    "sign_off_result",
    "return_result",
    "confirm_plan",
    "return_plan",
    "accept_common_work",
    "refuse_common_work",
)
"""Possible only while somebody waits for the answer."""

ONWARD = (
    "confirm_alarm",
    "accept_appointment",
    "sign",
    "agree",
    "start",
    "complete",
    "sign_off_result",
    "confirm_plan",
    "rate",
    "accept_work",
    "accept_common_work",
)
"""The next step of a case, where there is one: its form stands open on a page with few things to do."""


def forms_shown(
    commands: Iterable[str],
    context: Context,
    words: Words,
    attempt: Attempt | None,
    leading: tuple[str, ...] = (),
    filled: Mapping[str, Typed] | None = None,
    case: Case | None = None,
    only: Collection[str] | None = None,
    *,
    to_resident: bool = False,
) -> tuple[FormShown, ...]:
    """The forms of the commands; the first of `leading` is open. One that was not taken stands first, open.

    It does so even when its command is not possible any more, so that what was typed is not lost. `filled`
    has what stands in a form that nobody has sent yet, by its command. With `only`, of the others none is
    drawn.
    """
    possible = tuple(commands)
    drawn = possible if only is None else tuple(command for command in possible if command in only)
    names, opened = drawn, next((command for command in leading if command in drawn), None)
    if attempt is not None:
        names = (attempt.command, *(command for command in drawn if command != attempt.command))
        opened = attempt.command
        if attempt.command not in possible and possible:
            others = words.listed(words.command(command) for command in possible)
            what_else = words("errors.CommandRefused_possible", commands=others)
            attempt = replace(attempt, refusal=attempt.refusal + words("page.between_sentences") + what_else)
    before = filled or {}
    shown = (_form(name, context, words, attempt, before.get(name, {}), case) for name in names)
    if to_resident:
        shown = (_said_to_resident(panel, words) for panel in shown)
    return tuple(
        replace(panel, open=panel.command == opened, label=command_on(panel.command, case, words))
        for panel in shown
    )


def _said_to_resident(panel: FormShown, words: Words) -> FormShown:
    """The form as residents read it: with hints for who is alone with it; nothing that only staff know."""
    hints = words.groups["field_hints_to_resident"]
    said = (
        replace(field, hint=hints.get(name, field.hint))
        for field in panel.fields
        if (name := f"{panel.command}.{field.name}") not in STAFF_ONLY
    )
    return replace(panel, fields=tuple(said))


def command_on(name: str, case: Case | None, words: Words) -> str:
    """The name of a command on a case: what was never sorted is not corrected, but sorted."""
    is_first = name == "classify" and case is not None and not case.classification.is_sorted
    return words("triage.sort") if is_first else words.command(name)


def _form(
    name: str, context: Context, words: Words, attempt: Attempt | None, filled: Typed, case: Case | None
) -> FormShown:
    sent = attempt if attempt is not None and attempt.command == name else Attempt(name, filled)
    form = PraiseForm if name == PRAISE else TABLE[name].form
    asked = fields_on(case, form, name, context, words)
    drawn = tuple(field for field in asked if field.name not in FROM_THE_BOOK or sent.typed.get(field.name))
    once = sent.typed.get("once", "")
    return FormShown(name, words.command(name), drawn, sent.typed, sent.mistakes, sent.refusal, False, once)


def clock_lines(
    views: Iterable[DeadlineView], case: Case, context: Context, words: Words
) -> tuple[ClockLine, ...]:
    """The deadlines of a case, with their zone.

    Those that run stand first. Of a case that has ended only those that were kept or missed; none for after
    the work that the work itself meets.
    """
    seconds = counts_seconds(context)
    running = {deadline.clock for deadline in case.open} if case.state in OPEN else set()
    shown = [deadline for deadline in views if deadline.clock in running or deadline.met_at]
    return tuple(_clock_line(deadline, seconds, words) for deadline in that_matter(shown))


def _clock_line(deadline: DeadlineView, seconds: bool, words: Words) -> ClockLine:
    met, zone = deadline.met_at, deadline.zone
    # A pause of seconds moves a deadline by less than is printed: that is not said twice.
    due, first = (short(at, zone, words, seconds=seconds) for at in (deadline.due_at, deadline.first_due_at))
    return ClockLine(
        name=begun(words.name("clocks", deadline.clock)),
        due=words(
            "track.due_after_pause" if deadline.held_since else "track.due",
            moment=spoken_with_zone(deadline.due_at, zone, words, seconds=seconds),
        ),
        met=words("track.met", moment=short(met, zone, words, seconds=seconds)) if met else "",
        first_due=words("track.first_due", moment=first) if first != due else "",
        late=deadline.late,
        reasons=deadline.reasons,
    )


def due_name(what: str, words: Words) -> str:
    """The name of what is due, as it begins a line: a clock, the revisit, or a point of it."""
    return begun(words(f"desk.{what}") if what in {REVISIT, POINT, DECISION} else words.name("clocks", what))


def late_clocks(clocks: Iterable[Clock], words: Words) -> str:
    """The names of the clocks that were not kept; empty if all were."""
    names = words.listed(words.name("clocks", clock) for clock in clocks)
    return words("desk.late_clocks", clocks=names) if names else ""


def counts_seconds(context: Context) -> bool:
    """Whether the regulation has limits of seconds, as the one for demonstrations."""
    return context.regulation.counts_seconds


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
