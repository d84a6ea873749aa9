"""What a notice can speak of: the case as it stands, in the words of one language (A11, B3, B7).

Nothing personal of the resident is among it but what was said and, for staff, the unit: a name or number is
looked up on the page that the notice leads to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import events as ev
from chalicelib.domain.case import Case
from chalicelib.domain.clocks import Setting
from chalicelib.domain.deadlines import Deadline
from chalicelib.domain.notice_kinds import RESIDENT_ID, Notice, NoticeChannel, NoticeKind
from chalicelib.domain.notice_texts import Texts, clipped
from chalicelib.domain.numbering import serial_of
from chalicelib.domain.people import Role
from chalicelib.domain.reasons import explain
from chalicelib.domain.regulation import Clock

LONGEST_UNIT = 13
"""Room for a unit such as 3期12栋2单元2801室."""
LONGEST_NAME = 8
LONGEST_FAULT = 16
UNNAMED_MATTER = "other"
"""Its name only makes sense in a list of matters."""
SHORT_FORM_DAYS = 27
"""Within so many days the day of the month alone says which day is meant."""
TO_THE_SECOND = timedelta(minutes=2)
"""Times as near as this are told with their seconds."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the notice leads: its own link (empty if it has none), the tracking page, the desk's page."""

    link: str
    track: str
    desk: str


def speaks_of_its_event(notice: Notice) -> bool:
    """Whether a notice tells who asked for something and why: that stands on its event, not on the case."""
    return notice.kind is NoticeKind.URGED or (notice.kind, notice.detail) == (
        NoticeKind.ESCALATED,
        "by_hand",
    )


def values_of(
    notice: Notice,
    case: Case,
    setting: Setting,
    addresses: Addresses,
    now: datetime,
    texts: Texts,
    cause: ev.Event | None = None,
) -> dict[str, str]:
    """Every value that a text for that channel may name; an empty one is unknown, or not for this reader.

    `cause` is the notice's event, where it speaks of that.
    """
    speech = _Speech(case, setting, now, texts, brief=notice.channel is NoticeChannel.SMS)
    return {
        **_about_the_case(case, setting, texts),
        **_about_people(notice, case, speech),
        **_about_times(notice, case, speech),
        **(_for_mails(notice, case, speech) if notice.channel is NoticeChannel.MAIL else {}),
        **_asked_for(case, cause, speech),
        "url": addresses.link,
        "track_url": addresses.track,
        "desk_url": "" if notice.recipient == RESIDENT_ID else addresses.desk,
        "decision": texts.words["decisions"].get(notice.detail or "", ""),
        "ending": texts.words["endings"].get(notice.detail or "", ""),
    }


def _about_the_case(case: Case, setting: Setting, texts: Texts) -> dict[str, str]:
    about = case.classification
    names = setting.regulation.matter(about.matter).names
    matter = names.get(texts.language) or names["en"]
    if about.matter == UNNAMED_MATTER:
        matter = texts.words["phrases"]["other_matter"]
    grade = about.severity if about.severity == "serious" and about.urgency != "emergency" else about.urgency
    price = None if case.plan is None else case.plan.price_fen
    return {
        "number": case.number,
        "into": case.merged_into or "",
        "serial": f"{serial_of(case.number):04d}",
        "round": str(case.round),
        "matter": matter,
        "short_matter": matter.partition("、")[0],
        "grade": texts.words["grades"][grade],
        "department": setting.community.departments.get(about.department, about.department),
        "price": "" if price is None else f"{price / 100:.2f}".removesuffix(".00"),
        "community": setting.community.name,
    }


def _about_people(notice: Notice, case: Case, speech: "_Speech") -> dict[str, str]:
    to_resident = notice.recipient == RESIDENT_ID
    phrases = speech.texts.words["phrases"]
    handler = speech.name(case.handler)
    who = phrases["handler"].format(name=handler) if handler else phrases["nobody"]
    return {
        "name": case.report.resident_name if to_resident else speech.name(notice.recipient),
        "unit": "" if to_resident else clipped(case.report.unit, LONGEST_UNIT) or phrases["no_unit"],
        "handler": handler,
        "who": who,
        "colleague": who if handler and notice.recipient != case.handler else "",
        "nobody": "" if handler else phrases["nobody"],
        "revisitor": speech.name(case.revisitor),
        "fault": clipped(case.fault or "", LONGEST_FAULT) if speech.brief else case.fault or "",
    }


def _asked_for(case: Case, cause: ev.Event | None, speech: "_Speech") -> dict[str, str]:
    """Who asked for something and why: what the event says, else the extension that waits."""
    request = case.extension_request
    asker, because = (request.requested_by, request.reason) if request else (None, None)
    urger = speech.texts.words["phrases"]["resident"]
    match cause:
        case ev.Event(actor=actor, payload=ev.Escalated(reason=because)):
            asker = actor.id
        case ev.Event(actor=actor, payload=ev.Urged(note=because)) if actor.role is not Role.RESIDENT:
            urger = speech.name(actor.id)
        case ev.Event(payload=ev.Urged(note=because)):
            pass
    return {"asker": speech.name(asker), "urger": urger, "asked_because": because or ""}


def _about_times(notice: Notice, case: Case, speech: "_Speech") -> dict[str, str]:
    clock = speech.clock_of(notice)
    due = case.deadlines[clock].due_at
    request = case.extension_request
    return {
        "solve": speech.moment(case.solve_due_at),
        "first_solve": speech.moment(case.deadlines[Clock.SOLVE].first_due_at),
        "due": speech.moment(due),
        "deadline": speech.deadline(clock, due),
        "lateness": speech.lateness(clock, due) or speech.deadline(clock, due),
        "until": speech.moment(request.until) if request else "",
        "appointment": speech.moment(case.appointment) if case.appointment else "",
        "revisit_due": speech.moment(case.revisit_due_at) if case.revisit_due_at else "",
    }


def _for_mails(notice: Notice, case: Case, speech: "_Speech") -> dict[str, str]:
    plan, phrases = case.plan, speech.texts.words["phrases"]
    last = case.ratings[-1] if case.ratings and case.ratings[-1].round == case.round - 1 else None
    said = [phrases["score"].format(score=last.score)] if last else []
    said += [phrases["comment"].format(comment=last.comment)] if last and last.comment else []
    to_resident = notice.recipient == RESIDENT_ID
    hidden = {Clock.SIGN} if to_resident else set()
    running = [one for clock, one in case.deadlines.items() if clock not in case.met and clock not in hidden]
    running.sort(key=lambda one: one.due_at)
    return {
        "said": case.report.text,
        "deadlines": "\n".join(
            line for one in running for line in speech.explained(one, sourced=not to_resident)
        ),
        "result": case.result or "",
        "findings": case.findings or "",
        "objection": case.objection or "",
        "cause": plan.cause if plan else "",
        "plan": plan.plan if plan else "",
        "last_rating": phrases["joint"].join(said),
    }


@dataclass(frozen=True, slots=True)
class _Speech:
    """Names and times as the texts say them."""

    case: Case
    setting: Setting
    now: datetime
    texts: Texts
    brief: bool

    def name(self, username: str | None) -> str:
        member = self.setting.community.member(username) if username else None
        return clipped(member.name if member else username or "", LONGEST_NAME)

    def clock_of(self, notice: Notice) -> Clock:
        """The clock that the notice is about; else the one that runs out next."""
        deadlines = self.case.deadlines
        named = next((clock for clock in deadlines if clock == notice.detail), None)
        if named is not None:
            return named
        ahead = [one for one in deadlines if one not in self.case.met and deadlines[one].due_at > self.now]
        return min(ahead, key=lambda clock: deadlines[clock].due_at, default=Clock.SOLVE)

    def moment(self, at: datetime) -> str:
        """A time: in a mail 11月24日18:00; in an SMS as short as it can be understood.

        That is 18:00 today, 24日18:00 this month, then 12月24日.
        """
        dates, zone = self.texts.words["dates"], ZoneInfo(self.case.zone)
        local, today = at.astimezone(zone), self.now.astimezone(zone).date()
        if not self.brief:
            return dates["dated"].format(month=local.month, day=local.day, time=f"{local:%H:%M}")
        if local.date() == today:
            return f"{local:%H:%M:%S}" if abs(at - self.now) < TO_THE_SECOND else f"{local:%H:%M}"
        if abs((local.date() - today).days) <= SHORT_FORM_DAYS:
            return dates["day"].format(day=local.day, time=f"{local:%H:%M}")
        return dates["month"].format(month=local.month, day=local.day)

    def deadline(self, clock: Clock, due: datetime) -> str:
        """24日18:00前办结"""
        words = self.texts.words
        return words["phrases"]["deadline"].format(due=self.moment(due), clock=words["clocks"][clock])

    def lateness(self, clock: Clock, due: datetime) -> str:
        """办结已超8小时, in the largest unit of which there are two; empty before the deadline."""
        seconds = int((self.now - due).total_seconds())
        if seconds < 0:
            return ""
        units = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
        unit, size = next((one for one in units if seconds >= 2 * one[1]), units[-1])
        words = self.texts.words
        duration = words["durations"][unit].format(amount=max(1, seconds // size))
        return words["phrases"]["late"].format(clock=words["clocks"][clock], duration=duration)

    def explained(self, deadline: Deadline, *, sourced: bool) -> Iterator[str]:
        """A deadline in full, and under it its reasons."""
        words = self.texts.words
        local = deadline.due_at.astimezone(ZoneInfo(self.case.zone))
        due = words["dates"]["full"].format(
            year=local.year,
            month=local.month,
            day=local.day,
            weekday=words["dates"]["weekdays"][local.weekday()],
            time=f"{local:%H:%M}",
        )
        yield words["phrases"]["deadline_line"].format(clock=words["clocks"][deadline.clock], due=due)
        for reason in explain(deadline, self.setting.calendar, self.texts.language, sourced=sourced):
            yield words["phrases"]["reason_line"].format(reason=reason)
