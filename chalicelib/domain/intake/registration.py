"""How a report becomes the first event of a case (A1-A5, A10)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.context import Setting
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.follow_up.sampling import sample_for
from chalicelib.domain.regulation.limits import Begins
from chalicelib.domain.regulation.rules import VALID, check_nature

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead of ours a caller's clock may run."""

OLDEST_CONTACT = timedelta(days=90)
"""A contact further back is taken for a mistake in the date (ours)."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a caller reports; what is not known is left to the regulation. Texts are checked already."""

    text: str
    unit: str
    resident_name: str
    phone: str | None
    email: str | None
    channel: ev.Channel
    kind: str | None = None
    matter: str | None = None
    urgency: str | None = None
    severity: str | None = None
    complexity: str | None = None
    nature: str | None = None
    care: bool = False
    contacted_at: datetime | None = None
    against: str | None = None
    course_of_events: str | None = None
    witnesses: str | None = None
    evidence: tuple[str, ...] = ()
    follows: str | None = None
    solved_with: str | None = None


def _check_times(new: NewCase, at: datetime) -> None:
    if new.contacted_at is None:
        return
    if new.contacted_at.tzinfo is None:
        raise InvalidInputError("'contacted_at' has no zone; write it like 2026-11-22T09:00:00+08:00.")
    if new.contacted_at > at + CLOCK_TOLERANCE:
        raise InvalidInputError(
            "'contacted_at' lies in the future; give the time of the contact.", "contact_in_future"
        )
    if new.contacted_at < at - OLDEST_CONTACT:
        raise InvalidInputError(
            f"'contacted_at' lies more than {OLDEST_CONTACT.days} days back; check the date.",
            "contact_long_ago",
            days=OLDEST_CONTACT.days,
        )


def _solved(
    new: NewCase, about: ev.Classification, community: str, number: str, setting: Setting
) -> tuple[ev.Completed, ...]:
    """The completion of what was solved while it was taken (A10)."""
    if new.solved_with is None:
        return ()
    sample = sample_for(about, None, community, number, setting)
    return (ev.Completed(new.solved_with, on_the_spot=True, sample=sample),)


def _registered(new: NewCase, actor: Actor, at: datetime, setting: Setting) -> ev.Registered:
    regulation = setting.regulation
    matter = regulation.matter(new.matter or "other")
    kind = new.kind or "complaint"
    check_nature(kind, new.nature or VALID)
    classification = setting.classified(
        ev.Classification(
            kind=kind,
            matter=matter.id,
            category=matter.category,
            department=matter.department,
            urgency=new.urgency or matter.urgency,
            severity=new.severity or "general",
            complexity=new.complexity or "general",
            care=new.care,
            nature=new.nature or VALID,
        )
    )
    report = ev.Report(
        text=new.text,
        unit=new.unit,
        resident_name=new.resident_name,
        phone=new.phone,
        channel=new.channel,
        taken_by=actor.id,
        contacted_at=min(new.contacted_at or at, at),
        email=new.email,
        against=new.against,
        course_of_events=new.course_of_events,
        witnesses=new.witnesses,
        evidence=new.evidence,
        follows=new.follows,
    )
    deadlines = starting_deadlines(Begins.REGISTERED, classification, at, setting, 1)
    return ev.Registered(
        report, classification, regulation.id, str(regulation.version), setting.community.zone, deadlines
    )
