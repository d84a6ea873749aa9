"""The form for a report, from a resident or staff (A1, A3, A11)."""

from typing import Any
from uuid import uuid4

from chalice.app import Response
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.language import language_of
from chalicelib.domain.community.roles import RESIDENT, Actor
from chalicelib.domain.errors import (
    BusyError,
    ChallengeRequiredError,
    ConflictError,
    InvalidInputError,
    SameReportError,
    TooManyRequestsError,
)
from chalicelib.domain.intake.new_case import OF_EVERY_REPORT, NewCase
from chalicelib.http.contacts import CONTACTS, stored_contact
from chalicelib.http.errors import status_of
from chalicelib.http.report_body import own_key, report_of
from chalicelib.http.requests import source_address
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.access.origins import origin_of
from chalicelib.services.access.stranger_limits import count_intake
from chalicelib.services.intake.register import Receipt, register
from chalicelib.web.case_panels import Attempt
from chalicelib.web.file_fields import FILES, FILES_KEY, UPLOADED, file_field
from chalicelib.web.form_fields import Field, fields_of
from chalicelib.web.form_input import Read, Typed, read
from chalicelib.web.formats import zone_name
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

TEXT = "text"
"""The field that may stay empty where a file says what it is about (A3)."""

FIRST = (TEXT, "unit", "name", "phone", "email", "kind", "matter")
OF_ANYBODY = (*FIRST, "about_person", "shielded", "care", "may_be_named", "in_writing")
FIRST_OF_STAFF = (
    "unit", "phone", "text", "name", "language", "email", "channel", "contacted_at", "kind", "matter",
    "urgency",
)  # fmt: skip

OF_STAFF = (*FIRST_OF_STAFF, "severity", "complexity", "nature", "care", "care_by", "care_on", "may_be_named",
            "shielded", "in_writing", "about_staff", "about_person", "against", "course_of_events",
            "witnesses", "solved_with", "unfinished")  # fmt: skip
"""Fields of the report in the order in which they are asked for; `FIRST` ones are always in sight."""

SHOWN_AGAIN = (
    BusyError,
    ChallengeRequiredError,
    ConflictError,
    InvalidInputError,
    SameReportError,
    TooManyRequestsError,
)
"""Refusals after which the form is shown again as it was typed."""

SOLUTION_FIELD = "solution"
"""The hidden field in which the page's script puts the solution of its puzzle."""

ANOTHER, YES = "another", "yes"
"""The field with which a form says that its report is not the one that was asked about."""

INSTEAD = {TEXT: "or_files", "phone": "or_email", "email": "or_phone"}
"""Fields in whose place a resident may give something else → the words for it."""

AUTOCOMPLETE = {"name": "name", "phone": "tel", "email": "email", "unit": "address-line2"}


def report_fields(context: Context, words: Words, actor: Actor, focus: str = "") -> tuple[Field, ...]:
    """The fields that this actor fills in; the cursor stands in the one with the `focus`."""
    names, first = (OF_ANYBODY, FIRST) if actor == RESIDENT else (OF_STAFF, FIRST_OF_STAFF)
    form = "report" if actor == RESIDENT else "intake"
    drawn = {field.name: field for field in fields_of(NewCase, form, context, words, names)}
    return tuple(
        replace(
            drawn[name],
            first=name in first,
            required=name == "channel" or (actor == RESIDENT and name in (TEXT, *OF_EVERY_REPORT)),
            instead=words(f"report.{INSTEAD[name]}") if actor == RESIDENT and name in INSTEAD else "",
            autocomplete=AUTOCOMPLETE.get(name, "") if actor == RESIDENT else "",
            focus=name == focus,
        )
        for name in names
    )


def report_page(
    reader: Reader, community: Community, actor: Actor, attempt: Attempt | None = None, **more: Any
) -> Response:
    """The form, empty or as it was sent.

    Whoever takes a report down opens the form when somebody calls or comes in: an empty one has that time of
    contact (A2), in whole minutes, which are never later than it was. It can be changed.
    """
    words, context = reader.words, wiring.desk().context(community)
    fields = report_fields(context, words, actor, "" if attempt or actor == RESIDENT else "unit")
    now = "" if actor == RESIDENT else f"{wiring.desk().now().astimezone(context.zone):%Y-%m-%dT%H:%M}"
    sent = attempt or Attempt("report", {"contacted_at": now, "language": language_of(community)})
    later = [field.name for field in fields if not field.first]
    group = "report" if actor == RESIDENT else "intake"
    return page(
        reader,
        "report.html",
        sent.status if attempt else 200,
        title=words(f"{group}.title"),
        lead=words(f"{group}.lead"),
        community=community,
        fields=fields,
        typed=sent.typed,
        mistakes=sent.mistakes,
        refusal=sent.refusal,
        asked=sent.asked,
        once_sent=sent.typed.get(KEY_FIELD, ""),
        more_open=any(sent.typed.get(name) or name in sent.mistakes for name in later),
        zone=zone_name(community.zone, words),
        desk_phone=community.phone if actor == RESIDENT else None,
        **file_field(f"{reader.root}v1/communities/{community.id}/files", sent.typed),
        uploads=True,
        sends="report",
        **{"csrf": "", "base": "base.html", "proposal": "", "promise": "", **more},
    )


def taken_down(visit: Visit, community: Community, typed: Typed, words: Words) -> Receipt | Attempt:
    """The receipt of a report sent with the form.

    Else the attempt, with what has to be mended, or with the question whether it is the case that says the
    same.

    A form that is sent twice, by a second tap or again after its answer was lost, gets the same receipt: each
    form that is drawn has a key of its own.
    """
    desk, actor = wiring.desk(), visit.actor
    context = desk.context(community)
    fields = report_fields(context, words, actor)
    if typed.get(UPLOADED):
        fields = tuple(replace(field, required=field.required and field.name != TEXT) for field in fields)
    given = read(fields, typed, community.zone, words)
    sound = _with_contacts(given, fields, community, actor, words)
    if sound.mistakes:
        return Attempt("report", typed, sound.mistakes)
    said = {**_filled_in(given), FILES: typed.get(UPLOADED, "")}
    body = repr(sorted((name, str(value)) for name, value in said.items())).encode()
    try:
        files = tuple(typed.get(UPLOADED, "").split())
        new = report_of({**_filled_in(sound), "another": typed.get(ANOTHER) == YES, "files": files}, actor)
        key, sent_from = own_key(visit.request, actor, typed.get(KEY_FIELD) or uuid4().hex), None
        if actor == RESIDENT:
            wiring.gate().check(context, new, key, typed.get(SOLUTION_FIELD, ""))
            count_intake(desk, source_address(visit.request), new.phone, new.email, wiring.rate_limits())
            sent_from = origin_of(desk, source_address(visit.request))
        language = words.language if actor == RESIDENT else ""
        return register(
            desk,
            context,
            actor,
            new,
            key,
            body,
            sent_from=sent_from,
            language=language,
            files_key=typed.get(FILES_KEY, ""),
        )
    except SHOWN_AGAIN as error:
        if isinstance(error, ConflictError):  # the key is used up: the next press is a report of its own
            typed = {**typed, KEY_FIELD: uuid4().hex}
        why = refusal(error, community.zone, words, community.phone)
        asked = str(error.facts["number"]) if isinstance(error, SameReportError) else ""
        return Attempt("report", typed, refusal=why, status=status_of(error), asked=asked)


def _filled_in(given: Read) -> dict[str, Any]:
    return {name: value for name, value in given.values.items() if value is not None}


def _with_contacts(
    given: Read, fields: tuple[Field, ...], community: Community, actor: Actor, words: Words
) -> Read:
    """The form with phone and mail as they are stored, and their faults.

    Whoever takes no channel down (a resident) must give one of the two.
    """
    values, mistakes = dict(given.values), dict(given.mistakes)
    only = community.countries_written_to if actor == RESIDENT else ()
    labels = {field.name: field.label for field in fields}
    for name in CONTACTS:
        if name in mistakes or not values.get(name):
            continue
        try:
            values[name] = stored_contact(name, values[name], community.country, only)
        except InvalidInputError as error:
            said = words(f"mistakes.{name}", field=labels[name])
            mistakes[name] = refusal(error, community.zone, words) if error.reason else said
    if not mistakes and not any(values.get(name) for name in (*CONTACTS, "channel")):
        mistakes["phone"] = words("mistakes.contact")
    return Read(values, mistakes)
