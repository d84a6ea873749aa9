"""A report whose gaps are filled: by the desk, by the call that goes on, by calling back (A1, G7)."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import GOES_ON, IN_DISPATCH, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.case.outcome import Outcome, Steps, outcome_of
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.errors import CommandRefusedError, DomainError, InvalidInputError
from chalicelib.domain.intake.call_forms import (
    AddWordsForm,
    CallBackForm,
    FillInForm,
    HearForm,
    LanguageForm,
)
from chalicelib.domain.intake.danger import danger_heard, danger_of
from chalicelib.domain.intake.identification import people_meant, taken_back

CALLS_IN_VAIN, GIVEN_UP_AFTER = 3, timedelta(days=1)
"""So many calls in vain, and so long after the report, before a caller is given up (ours)."""


def why_not_filled_in(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Nothing is added to who reported a case that is over: their data are on their way out (G24)."""
    if case.state in GOES_ON and not case.erased:
        return None
    return CommandRefusedError(
        f"Case {case.number} is over; what is new is a report of its own.", "over", number=case.number
    )


def fill_in(case: Case, command: Command[FillInForm], context: Context) -> Outcome:
    """The event of what the desk has learned since (G7).

    Raises InvalidInputError if nothing is new. A number that is known stays: by it the resident is known.
    """
    form = command.form
    if form.phone is not None and case.report.phone not in {None, form.phone}:
        raise InvalidInputError(
            f"Case {case.number} has a phone number already; if it is wrong, note it as progress.",
            "phone_known",
            number=case.number,
        )
    known = _new(case, form.text, form.unit, form.name, form.phone, finished=form.text is not None)
    if known == ev.FilledIn(finished=known.finished):
        raise InvalidInputError("Nothing new: give 'text', 'unit', 'name' or 'phone'.", "nothing_filled_in")
    return _outcome(case, command, known, context)


def add_words(case: Case, command: Command[AddWordsForm], context: Context) -> Outcome:
    """The event of what a resident adds by the own page; its words are read as those of a report (A6, A11).

    Raises InvalidInputError if the report says it already.
    """
    known = _new(case, command.form.text, None, None, None, finished=False)
    if known == ev.FilledIn():
        raise InvalidInputError("Your report says that already; write what is new.", "said_already")
    return _outcome(case, command, known, context)


def why_not_called_back(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """Only whose call broke off is called back; everybody else is answered (A1, B2)."""
    if refused := why_not_filled_in(case, actor, context, at):
        return refused
    if case.call_back.owed and case.state in IN_DISPATCH:
        return None
    return CommandRefusedError(
        f"No call back is owed on case {case.number}; record an answer instead.",
        "no_call_owed",
        number=case.number,
    )


def call_back(case: Case, command: Command[CallBackForm], context: Context) -> Outcome:
    """The events of a call back: what was said, and that somebody called (A1).

    Raises InvalidInputError where the caller was reached and nobody wrote down what it is about, or was not
    and has said something all the same.
    """
    form = command.form
    said = form.text or form.unit or form.name
    if not form.reached and said:
        raise InvalidInputError(
            "Whoever was not reached has said nothing; choose 'reached', or leave the words out.",
            "said_unreached",
        )
    if form.reached and case.report.text is None and form.text is None:
        raise InvalidInputError("Write down what the caller said in 'text'.", "said_nothing")
    called = ev.CalledBack(form.reached, form.note)
    known = _new(case, form.text, form.unit, form.name, None, finished=form.reached)
    if not said:
        return outcome_of(case, command, (called,), case.community, case.number)
    return _outcome(case, command, known, context, called)


def why_not_given_up(case: Case, actor: Actor, context: Context, at: datetime) -> DomainError | None:
    """A caller of whom nothing is known is given up after some calls in vain (A1).

    What was said is dealt with, whoever can be reached.
    """
    if refused := why_not_called_back(case, actor, context, at):
        return refused
    if case.report.text is not None or case.report.recordings or danger_of(case, context) is not None:
        return CommandRefusedError(
            f"Something is known of what case {case.number} is about; sort it, and have it dealt with.",
            "something_is_known",
            number=case.number,
        )
    if case.call_back.tried >= CALLS_IN_VAIN and at - case.registered_at >= GIVEN_UP_AFTER:
        return None
    return CommandRefusedError(
        f"Call back {CALLS_IN_VAIN} times, over a day at least, before case {case.number} is closed; "
        f"{case.call_back.tried} are on record.",
        "call_again_first",
        number=case.number,
        most=CALLS_IN_VAIN,
        tried=case.call_back.tried,
    )


def give_up_call_back(_: Case, command: Command[NoteForm], __: Context) -> ev.Payloads:
    """The event of a call that stays without a word: nobody could be reached (A1)."""
    return (ev.Closed(ev.CloseReason.UNREACHED, command.form.note),)


def why_not_heard(case: Case, _: Actor, __: Context, ___: datetime) -> DomainError | None:
    """Nothing is added to a case whose personal data are gone (G24)."""
    if not case.erased:
        return None
    return CommandRefusedError(
        f"Case {case.number} is over; what is new is a report of its own.", "over", number=case.number
    )


def words_with(case: Case, command: Command[object]) -> str | None:
    """What the report says once the command has been carried out; None if that says nothing of it."""
    form = command.form
    if not isinstance(form, AddWordsForm | FillInForm | CallBackForm | HearForm) or form.text is None:
        return None
    return form.text if case.report.text is None else f"{case.report.text}\n{form.text}"


def hear(case: Case, command: Command[HearForm], context: Context) -> Outcome:
    """The event of what else is known of a call, in whatever order it arrives (A1).

    What the report has is not said again; a unit, name or number that differs from it stands beside it.
    """
    form, report = command.form, case.report
    beside = tuple(
        f"{name}: {value}"
        for name, value, before in (
            ("unit", form.unit, report.unit),
            ("name", form.name, report.resident_name),
            ("phone", form.phone, report.phone),
        )
        if value is not None and before not in {None, value}
    )
    known = _new(
        case,
        form.text,
        form.unit if report.unit is None else None,
        form.name if report.resident_name is None else None,
        form.phone if report.phone is None else None,
        finished=form.finished and case.call_back.owed,
    )
    left_out = tuple(line for line in (*beside, *form.left_out) if line not in report.left_out)
    heard_at = tuple(place for place in (form.recording,) if place and place not in report.recordings)
    known = replace(known, left_out=left_out, recordings=heard_at)
    if known == ev.FilledIn():
        return Steps.of(case, command).outcome()
    return _outcome(case, command, known, context)


def choose_language(case: Case, command: Command[LanguageForm], _: Context) -> ev.Payloads:
    """The event of another language (A11); CommandRefusedError if messages are in it already."""
    if command.form.language == case.report.language:
        raise CommandRefusedError("Messages are in this language already.", "same_language")
    return (ev.LanguageChosen(command.form.language),)


def _new(
    case: Case, text: str | None, unit: str | None, name: str | None, phone: str | None, *, finished: bool
) -> ev.FilledIn:
    """What of that the report does not say yet."""
    report = case.report
    return ev.FilledIn(
        text=None if text is None or text in (report.text or "") else text,
        unit=None if unit == report.unit else unit,
        resident_name=None if name == report.resident_name else name,
        phone=None if phone == report.phone else phone,
        finished=finished,
        reachable=bool(phone) and not (report.phone or report.email),
    )


def _outcome(
    case: Case,
    command: Command[FillInForm] | Command[CallBackForm] | Command[HearForm] | Command[AddWordsForm],
    known: ev.FilledIn,
    context: Context,
    *also: ev.CalledBack,
) -> Outcome:
    """The outcome of what is known, kept from whomever it is about (A8, G13)."""
    if known.text is not None:
        meant = people_meant(None, (), (known.text,), case.classification.kind, context.community)
        about = tuple(person for person in meant if person not in case.about.people)
        known = replace(known, about=about, proposal=context.proposal)
    steps = Steps.of(case, command)
    for call in also:
        steps.add(call)
    steps.add(known)
    for back in taken_back(steps.case, steps.case.about, case.classification, context):
        steps.add(back)
    for alarm in danger_heard(case, steps.case, command.at, context):
        steps.add(alarm)
    return steps.outcome()
