"""A case and its history as a reader may see who reported it: whole, or masked (E8, G13).

Who needs to know, the domain says (`who_sees.sees_contact`). For everybody else name, phone, mail address and
unit are masked, and taken out of every text in which they stand.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.personal import is_personal
from chalicelib.domain.case.who_sees import is_work_in_the_unit
from chalicelib.domain.case.work import ProposedVisit
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.intake.masking import HIDDEN_UNIT, masked, masked_email, masked_name, masked_phone
from chalicelib.domain.work.appointment import waiting_visit

Value = TypeVar("Value")

STAFF_TEXTS = frozenset(
    {
        "cause", "course", "done", "answer", "evidence", "explanation", "findings", "lesson", "measures",
        "next_steps", "note", "plan", "prevention", "reason", "result", "said", "text", "to",
    }
)  # fmt: skip
"""What staff write of their own: a name or a flat may stand in it."""

NAMES = frozenset({"resident_name", "care_by", "spoken_to"})
"""Fields that are a name: of whoever reported it, or of another of the household."""


def masked_case(case: Case) -> Case:
    """The case without who reported it."""
    return _without(case, case)


def masked_events(case: Case, events: Iterable[ev.Event]) -> tuple[ev.Event, ...]:
    """Events of the case without who reported it."""
    return tuple(replace(event, payload=_without(event.payload, case)) for event in events)


def _without(value: Value, case: Case) -> Value:
    report, in_the_unit = case.report, is_work_in_the_unit(case.classification)
    whose = replace(report, unit="") if in_the_unit else report

    def report_of(held: ev.Report) -> ev.Report:
        rest: ev.Report = _rewritten(held, lambda text: masked(text, whose), lambda inner: inner)
        return replace(
            rest,
            resident_name=masked_name(held.resident_name) if held.resident_name else held.resident_name,
            phone=masked_phone(held.phone) if held.phone else held.phone,
            email=masked_email(held.email) if held.email else held.email,
            unit=held.unit if in_the_unit or held.unit is None else HIDDEN_UNIT,
            left_out=(),
            care_by=masked_name(held.care_by) if held.care_by else held.care_by,
        )

    def known_of(held: ev.FilledIn) -> ev.FilledIn:
        """What has become known, without who and where: a unit that was wrong is somebody's, too."""
        return replace(held, unit=None, resident_name=None, phone=None, email=None, left_out=())

    if isinstance(value, ev.Report):
        return report_of(value)  # type: ignore[return-value]
    if isinstance(value, ev.FilledIn):
        value = known_of(value)  # type: ignore[assignment]
    whole: Value = _rewritten(value, lambda text: masked(text, whose), report_of)
    return whole


def _rewritten(value: Any, change: Callable[[str], str], report_of: Callable[[ev.Report], ev.Report]) -> Any:
    """A copy in which every text that can name somebody is changed."""
    changed: dict[str, Any] = {}
    for name in value.__struct_fields__:
        held = getattr(value, name)
        is_text = is_personal(type(value), name) or name in STAFF_TEXTS
        part = _part(held, change, report_of, is_text=is_text)
        if name in NAMES and held:
            part = masked_name(held)
        if part is not held:
            changed[name] = part
    return replace(value, **changed) if changed else value


def _part(held: Any, change: Callable[[str], str], report_of: Any, *, is_text: bool) -> Any:
    if isinstance(held, ev.Report):
        return report_of(held)
    if type(held) is str:
        return change(held) if is_text and held else held
    if type(held) is tuple and held:
        return tuple(_part(part, change, report_of, is_text=is_text) for part in held)
    return _rewritten(held, change, report_of) if isinstance(held, Struct) else held


def visit_shown(case: Case, now: datetime) -> ProposedVisit | None:
    """The visit that waits for an answer; who of staff proposed it is no matter."""
    proposed = waiting_visit(case, now) if case.state in IN_DISPATCH else None
    return replace(proposed, by=RESIDENT.id if proposed.by_resident else "") if proposed else None
