"""The lines of an emergency on the pages: whom to call, who was told, who has it, who was called (A6)."""

from typing import Any

from msgspec import Struct

from chalicelib.domain.case.alarm import OutsideCall
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.alarm import alarm_timers
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.intake.outside import OTHER, numbers_for, numbers_of
from chalicelib.web.formats import short
from chalicelib.web.words import Words


class Outside(Struct, frozen=True):
    """The outside numbers to call, as the sentence `said`, and the `first` alone; its `phones` dial."""

    said: str
    phones: tuple[str, ...]
    first: str


def outside_line(case: Case, context: Context, words: Words, group: str = "case") -> Outside | None:
    """The outside numbers to call for what happens just now (A6).

    None where nobody has to be called.
    """
    numbers = numbers_for(case, context) if case.state in IN_DISPATCH else ()
    if not numbers:
        return None
    named = [f"{words.of(number.names)} {number.phone}" for number in numbers]
    said, phones = (
        words(f"{group}.outside", numbers=words.listed(named)),
        (number.phone for number in numbers),
    )
    return Outside(said, tuple(phones), words("case.first_outside", number=named[0]))


def alarm_line(case: Case, context: Context, words: Words) -> str:
    """Who has an emergency in hand, or who was told and who is next (A6); empty if none."""
    alarm = case.alarm
    if alarm is None or alarm.over or case.state not in IN_DISPATCH:
        return ""
    zone = context.community.zone
    if alarm.confirmed_by and alarm.confirmed_at:
        at = short(alarm.confirmed_at, zone, words)
        return words("case.alarm_confirmed", name=name_of(alarm.confirmed_by, context), at=at)
    people = words.listed(name_of(username, context) for username in alarm.told)
    due = next((due.at for due in alarm_timers(case, context)), None)
    if due is None:
        return words("case.alarm_unconfirmed_at_last", people=people)
    return words("case.alarm_unconfirmed", people=people, at=short(due, zone, words))


def calls_shown(case: Case, context: Context, words: Words) -> tuple[tuple[str, str, str], ...]:
    """The calls to services outside (A6): which one; when, by whom, with what answer; and the number."""
    return tuple(
        (service_name(call.service, context, words), _call(call, context, words), call.dialled)
        for call in case.outside_calls
    )


def services_shown(context: Context, words: Words) -> tuple[tuple[str, str], ...]:
    """The services outside that can have been called, each with its number (A6)."""
    known = ((number.id, f"{words.of(number.names)} {number.phone}") for number in numbers_of(context))
    return (*known, (OTHER, words("case.other_service")))


def emergency_lines(case: Case, context: Context, words: Words, *, at_work: bool) -> dict[str, Any]:
    """What a link shows of an emergency: whom to call, and to staff who has it and who was called (A6)."""
    outside = outside_line(case, context, words, "case" if at_work else "track")
    alarm = alarm_line(case, context, words) if at_work else ""
    return {"outside": outside, "alarm": alarm, "calls": calls_shown(case, context, words) if at_work else ()}


def service_name(service: str, context: Context, words: Words) -> str:
    """The name of a service outside by its id; whatever else was called has the name it was given."""
    known = next((number for number in numbers_of(context) if number.id == service), None)
    if known is not None:
        return words.of(known.names)
    return words("case.other_service") if service == OTHER else service


def _call(call: OutsideCall, context: Context, words: Words) -> str:
    at, person = short(call.called_at, context.community.zone, words), name_of(call.called_by, context)
    return words(
        "case.outside_called",
        at=at,
        person=person,
        phone=call.dialled,
        answered=call.answered or words("page.none"),
    )
