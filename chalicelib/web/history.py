"""The history of a case in words, for a page (B8, E5).

Its resident, its handler and the staff read it.

Who reads which event, and which of its facts, the domain says (`history_readers`); here they get their words.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.notices.history_readers import Audience, Line, read_by
from chalicelib.services.views.parts import MOST_LINES
from chalicelib.web.formats import short
from chalicelib.web.history_details import changed_times, in_words, owed_with
from chalicelib.web.history_facts import DETAILS
from chalicelib.web.words import Words

Details = tuple[tuple[str, str], ...]


class Entry(Struct, frozen=True):
    """One line of a history. `details` are (what, text) as people wrote them; a plain note has no heading.

    `version` is that of its event; a message has none. `mark` is the entry of the answer book that an answer
    was given with, which is among the details.
    """

    at: str
    title: str
    by: str
    details: Details
    late: bool
    version: int = 0
    mark: str = ""


SORTED = {"told": "track.sorted", "happened": "case.sorted"}
"""What a classification is called that says for the first time what a report is about."""

LATE = {"marked_overdue", "escalated"}


def told(
    case: Case, events: Iterable[ev.Event], context: Context, words: Words, before: int | None = None
) -> tuple[Entry, ...]:
    """The history that the resident reads, newest first.

    `events` are all events of the case. Of the entries below the version `before` there are no more than one
    part shows, and one that tells whether there are others (`newest_part`).
    """
    lines = _latest(read_by(Audience.RESIDENT, case, events), before)
    return _newest_first(_entry(line, case, context, words, "told", ()) for line in lines)


def worked(
    case: Case, events: Iterable[ev.Event], context: Context, words: Words, before: int | None = None
) -> tuple[Entry, ...]:
    """The history that the handler reads through the work link, newest first; as `told`."""
    return _as_colleague(Audience.HANDLER, case, events, context, words, before)


def happened(
    case: Case, events: Iterable[ev.Event], context: Context, words: Words, before: int | None = None
) -> tuple[Entry, ...]:
    """Everything that has happened, newest first; as `told`."""
    return _as_colleague(Audience.STAFF, case, events, context, words, before)


def on_file(case: Case, events: Iterable[ev.Event], context: Context, words: Words) -> tuple[Entry, ...]:
    """Everything that has happened, whole and the oldest first, for the file of the case (E6)."""
    events = tuple(events)
    lines = read_by(Audience.STAFF, case, events)
    return tuple(_to_colleagues(lines, case, events, context, words))


def _latest(lines: Iterable[Line], before: int | None) -> list[Line]:
    found = [line for line in lines if before is None or line.version < before]
    return found[-MOST_LINES - 1 :]


def _as_colleague(
    reader: Audience,
    case: Case,
    events: Iterable[ev.Event],
    context: Context,
    words: Words,
    before: int | None,
) -> tuple[Entry, ...]:
    events = tuple(events)
    lines = _latest(read_by(reader, case, events), before)
    return _newest_first(_to_colleagues(lines, case, events, context, words))


def _to_colleagues(
    lines: Iterable[Line], case: Case, events: Iterable[ev.Event], context: Context, words: Words
) -> Iterator[Entry]:
    remarks = dict(_remarks(case, events, words))
    for line in lines:
        yield _entry(line, case, context, words, "happened", remarks.get(line.version, ()))


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(reversed(tuple(entries)))


def _entry(line: Line, case: Case, context: Context, words: Words, group: str, remarks: Details) -> Entry:
    """The line in the words of a group: `told` to the resident, or what `happened` to colleagues."""
    values = {name: in_words(line, name, context, words, to_resident=group == "told") for name in line.facts}
    values |= {"number": case.number, "round": str(line.round)}
    actor = _author(line, context, words)
    title = words(_said(line, group), **values, actor=actor)
    texts = ((_heading(name, line, words, group), values.get(name)) for name in _detailed(line))
    details = (
        *changed_times(line, case.zone, words),
        *((heading, text) for heading, text in texts if text),
        *remarks,
    )
    by = "" if group == "told" else actor
    at, mark = short(line.at, case.zone, words), str(line.facts.get("entry") or "")
    return Entry(at, title, by, details, line.type in LATE, line.version, mark)


def _said(line: Line, group: str) -> str:
    """The key of the sentence of a line."""
    if line.facts.get("sorts"):
        return SORTED[group]
    if line.type == "proposed" and line.facts.get("done_by"):
        return "case.plan_put"
    return f"{group}.{line.type}"


def _detailed(line: Line) -> tuple[str, ...]:
    if line.type == "reopened" and line.facts["cause"] in {"rating", "revisit"}:
        return ()  # it stands in the line before, with the resident's own words
    if line.type in {"assigned", "replanned"} and line.role is Role.SYSTEM:
        return ()
    return DETAILS.get(line.type, ())


def _heading(name: str, line: Line, words: Words, group: str) -> str:
    if name == "note":
        upheld = line.facts.get("reason") is ev.CloseReason.UNTRUE
        return words("track.upheld") if upheld else ""
    if name == "text" and (line.type != "filled_in" or line.role is Role.RESIDENT):
        return ""  # the line itself says whose words they are
    if name == "price_fen":
        return words("track.price")
    if name not in words.groups["facts"]:
        return words(f"fields.{name}")
    return words.name_as_read("facts", name, to_resident=group == "told")


def _remarks(case: Case, events: Iterable[ev.Event], words: Words) -> Iterator[tuple[int, Details]]:
    """(version, remarks) of the events that lapsed or made something late, for colleagues."""
    asked = False
    for event in events:
        lapsed = asked and isinstance(event.payload, _LAPSES_WITH)
        asked = _is_asked(event.payload, asked)
        yield (
            event.version,
            (
                *((("", words("case.request_lapsed")),) if lapsed else ()),
                *owed_with(event, case.zone, words),
                *_original_words(case, event, words),
            ),
        )


def _original_words(case: Case, event: ev.Event, words: Words) -> Details:
    """What the resident said, under the written report about it (B6)."""
    is_filed = isinstance(event.payload, ev.ReportFiled)
    return (
        ((words("case.original_words"), case.report.text or words("page.without_words")),) if is_filed else ()
    )


_LAPSES_WITH = ev.ResultHandedIn | ev.Completed | ev.Rejected | ev.Referred | ev.Withdrawn | ev.Merged
"""With these an extension that nobody has decided is not needed any more."""


def _is_asked(payload: ev.Payload, asked: bool) -> bool:
    """Whether an extension waits to be decided after the event."""
    if isinstance(payload, ev.ExtensionRequested):
        return True
    decided = ev.ExtensionGranted | ev.ExtensionRefused | ev.Reopened | _LAPSES_WITH
    return asked and not isinstance(payload, decided)


def _author(line: Line, context: Context, words: Words) -> str:
    """Who did it; empty where its reader does not learn that. An alarm nobody gives: it follows by itself."""
    if line.actor is None:
        return ""
    return words("case.automatic") if line.type == "alarm_raised" else who(line.actor, context, words)


def who(actor: Actor, context: Context, words: Words) -> str:
    """The name of the person who did it, for colleagues.

    What no person did is marked so (G7).
    """
    if actor.role is Role.SYSTEM:
        return words("case.automatic")
    if actor.role in {Role.RESIDENT, Role.MACHINE}:
        return words.role(actor.role)
    return name_of(actor.id, context)
