"""How a report becomes the first event of a case (A1-A5, A10)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.about import meant_by
from chalicelib.domain.case.clock_changes import starting_deadlines
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import kept_away, without
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.entry import check_takes_reports
from chalicelib.domain.community.roles import STAFF_ROLES, Actor, Role
from chalicelib.domain.dispatch.written_report import report_when_registered
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.follow_up.obligations import revisits_wanted
from chalicelib.domain.follow_up.sampling import sample_for
from chalicelib.domain.intake.care import consent_to
from chalicelib.domain.intake.danger import first_alarm
from chalicelib.domain.intake.identification import people_meant
from chalicelib.domain.intake.new_case import HOTLINE, LETTERS, NewCase
from chalicelib.domain.regulation.limits import Begins
from chalicelib.domain.regulation.rules import UNSORTED, VALID, check_nature

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a caller's clock may run ahead of ours."""

OLDEST_CONTACT = timedelta(days=90)
"""A contact longer ago than this is taken for a mistake in the date (ours)."""

AS_REPORTED = tuple(
    name
    for name in ev.Report.__struct_fields__
    if name in NewCase.__struct_fields__ and name not in {"contacted_at", "in_writing", "language"}
)
"""The fields that the event takes from the form as they stand there."""


def register(
    new: NewCase, actor: Actor, at: datetime, context: Context, left_out: tuple[str, ...] = ()
) -> ev.Registered:
    """The first event of the case that a report makes.

    Raises InvalidInputError for what cannot be, NotAllowedError where the community is closed. A report
    without a matter is unsorted (A7); what else it leaves out is as the regulation has it: the matter's
    urgency, else `complaint` and `general`. It needs no number yet, so that a report which is refused uses
    none up.
    """
    check_takes_reports(context.community)
    new = _with_consent(new, actor, at, context)
    _check_contact_time(new, at)
    _check_of_staff(new, actor)
    _check_said(new)
    regulation, classification = context.regulation, _classification(new, context)
    if new.solved_with is not None and classification.kind in regulation.handled_by:
        raise InvalidInputError(
            "A suggestion is for the manager to decide on; leave 'solved_with' out.", "not_on_the_spot"
        )
    if new.solved_with is not None and not classification.is_sorted:
        raise InvalidInputError(
            "Whoever has solved it knows what it was about; say its 'matter'.", "solved_unsorted"
        )
    return ev.Registered(
        report=_report(new, actor, at, context.community, left_out, classification.kind),
        classification=classification,
        regulation=regulation.id,
        regulation_version=str(regulation.version),
        zone=context.community.zone,
        deadlines=(
            *starting_deadlines(Begins.REGISTERED, classification, at, context, 1),
            *report_when_registered(classification, at, context),
        ),
    )


def numbered(
    new: NewCase, registered: ev.Registered, actor: Actor, number: str, at: datetime, context: Context
) -> ev.Payloads:
    """The events of a new case, once it has its number.

    They are its registration, and its completion if it was solved at once (A10); else who was told at once
    of an emergency (A6). The sample draws its lot by the number, among what `context.month_counters` has of
    the month (D6).
    """
    if new.solved_with is None:
        away = kept_away(meant_by(registered.report), registered.classification.urgency, context.community)
        return (registered, *first_alarm(registered, actor, at, without(away, context)))
    sample = sample_for(registered.classification, None, context.community.id, number, context)
    wanted, survey_stands = revisits_wanted(registered.classification, context)
    completed = ev.Completed(
        new.solved_with, on_the_spot=True, sample=sample, revisits=wanted, survey_stands=survey_stands
    )
    return (registered, completed)


def _with_consent(new: NewCase, actor: Actor, at: datetime, context: Context) -> NewCase:
    """The report with who agreed when to the note; a machine's `care_by` without the note is nothing."""
    said = None if actor.role is Role.MACHINE and not new.care else new.care_by
    today = at.astimezone(context.zone).date()
    by, on = consent_to(said, new.care_on, (new.name,), today, noted=new.care)
    return replace(new, care_by=by, care_on=on)


def _check_contact_time(new: NewCase, at: datetime) -> None:
    if new.contacted_at is None:
        return
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


def _check_of_staff(new: NewCase, actor: Actor) -> None:
    if actor.role in STAFF_ROLES:
        return
    if new.solved_with is not None:
        raise InvalidInputError("Only staff can register a case as solved on the spot.")
    if new.nature is not None:
        raise InvalidInputError("Only staff can say of what nature a complaint is; leave 'nature' out.")


def _check_said(new: NewCase) -> None:
    """A report says what it is, in words or files; a call may know a matter or person alone (A1, A3)."""
    if new.unfinished and new.channel not in HOTLINE:
        raise InvalidInputError("Only a telephone call is 'unfinished'; leave it out.", "only_calls")
    if new.text is not None or new.files:
        return
    known = (new.matter, new.phone, new.unit, new.name, new.email, new.recording)
    if new.channel not in HOTLINE or not any(known):
        raise InvalidInputError(
            "'text' is missing, and no 'files' say it. Only of a telephone call the words may be unknown, if "
            "there is a matter, a number, a unit, a name or a recording.",
            "nothing_said",
        )


def _classification(new: NewCase, context: Context) -> ev.Classification:
    """What the report is about. An emergency is dispatched at once, whatever it is: that is sorted enough."""
    unsaid = "other" if new.urgency == "emergency" or UNSORTED not in context.regulation.matters else UNSORTED
    matter = context.regulation.matter(new.matter or unsaid)
    is_unsaid = matter.id == UNSORTED and new.nature is None  # only a complaint has a nature
    kind, nature = new.kind or (UNSORTED if is_unsaid else "complaint"), new.nature or VALID
    check_nature(kind, nature)
    return ev.Classification(
        kind=kind,
        matter=matter.id,
        category=matter.category,
        department=matter.department,
        urgency=new.urgency or matter.urgency,
        severity=new.severity or "general",
        complexity=new.complexity or "general",
        care=new.care,
        nature=nature,
    )


def _report(
    new: NewCase, actor: Actor, at: datetime, community: Community, left_out: tuple[str, ...], kind: str
) -> ev.Report:
    told = (new.text, new.course_of_events)
    return ev.Report(
        **{name: getattr(new, name) for name in AS_REPORTED},
        resident_name=new.name,
        recordings=(new.recording,) if new.recording else (),
        taken_by=actor.id,
        contacted_at=_contacted_at(new, actor, at),
        left_out=left_out,
        in_writing=new.in_writing or new.channel in LETTERS,
        about=people_meant(new.about_staff, (new.against, new.about_person), told, kind, community),
    )


def _contacted_at(new: NewCase, actor: Actor, at: datetime) -> datetime | None:
    """When the resident got in touch (A2).

    That of a form which residents send themselves is its sending. Else the machine or the agent says it; None
    if they don't: the figures guess nothing.
    """
    if actor.role is Role.RESIDENT:
        return at
    return None if new.contacted_at is None else min(new.contacted_at, at)
