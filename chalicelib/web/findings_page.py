"""The pages of findings on staff and merit: the managers', and everybody's own (B15)."""

from typing import Any

from chalice.app import Response
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.spoken import MANNERS
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import (
    CommandRefusedError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from chalicelib.domain.follow_up import findings as rules
from chalicelib.domain.follow_up.open_findings import FindingAsk, asked_of, open_of
from chalicelib.domain.follow_up.praise import is_praise
from chalicelib.domain.money import DEAREST_FEN, yuan
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.requests import month_asked, read
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.findings import records
from chalicelib.services.findings.records import FindingView
from chalicelib.web import formats
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import month_name, short
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words

REFUSED = (CommandRefusedError, ConflictError, InvalidInputError, NotAllowedError, NotFoundError)


def findings_page(
    reader: Reader,
    visit: Visit,
    person: str | None = None,
    month: str | None = None,
    refused: str = "",
    typed: Typed | None = None,
    status: int = 200,
) -> Response:
    """All findings and merit of the community, with what the reader can do; managers and company head."""
    member, words = visit.member, reader.words
    asked = month_asked(month) if month else None
    found = records.listed(wiring.findings(), member, person or None, asked)
    return _page(
        reader,
        visit,
        "findings",
        found,
        refused,
        status,
        typed=typed or {},
        person=person,
        month=month or "",
        people=[
            (person.username, person.name)
            for person in member.community.staff
            if person.username != member.username and rules.is_judged(person)
        ],
        sorts=_sorts(words),
    )


def own_page(
    reader: Reader, visit: Visit, refused: str = "", typed: Typed | None = None, status: int = 200
) -> Response:
    """What is recorded about whoever is signed in."""
    found = records.own(wiring.desk(), wiring.findings(), visit.member)
    return _page(
        reader,
        visit,
        "my-record",
        found,
        refused,
        status,
        typed=typed or {},
        person=None,
        month="",
        people=[],
        sorts=[],
    )


def _page(
    reader: Reader,
    visit: Visit,
    which: str,
    found: tuple[FindingView, ...],
    refused: str,
    status: int,
    **more: Any,
) -> Response:
    where = f"desk/{visit.member.community.id}/{which}"
    words = reader.words
    return page(
        reader,
        "findings.html",
        status,
        **framed(reader, visit, which),
        here=f"{reader.root}{where}",
        address=where,
        case_path=f"desk/{visit.member.community.id}/cases",
        which=which,
        refused=refused,
        items=[_shown(view, visit, words) for view in found],
        counts=[
            replace(count, month=month_name(count.month, words))
            for count in records.counted(found, visit.member)
        ],
        measures=_named("measures", rules.MEASURES, words),
        manners=_named("manners", MANNERS, words),
        rewards=_named("measures", rules.REWARDS, words),
        **more,
    )


MERIT, FAULT = "yes-", "no-"
"""What the choice of a finding begins with: both have an "other"."""


def _sorts(words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be recorded, in its two groups."""
    faults, merits = _named("faults", rules.FAULTS, words), _named("merits", rules.MERITS, words)
    return [
        (words("staff_record.fault"), [(FAULT + value, name) for value, name in faults]),
        (words("staff_record.merit"), [(MERIT + value, name) for value, name in merits]),
    ]


def _named(group: str, values: tuple[str, ...], words: Words) -> list[tuple[str, str]]:
    return [(value, words.name(group, value)) for value in values]


def _shown(view: FindingView, visit: Visit, words: Words) -> dict[str, Any]:
    finding, member = view.finding, visit.member
    zone = member.community.zone
    words("staff_record.lifted" if finding.lifted else "staff_record.kept")
    measure = words.name("measures", finding.measure) if finding.measure else ""
    amount = words("page.price", yuan=yuan(finding.amount_fen)) if finding.amount_fen else ""
    mine = finding.about == member.username
    waits = open_of(finding)
    return {
        "finding": finding,
        "name": view.name,
        "by_resident": is_praise(finding),
        "what": words.name("merits" if finding.merit else "faults", finding.what),
        "at": short(finding.at, zone, words),
        "measure": " ".join(part for part in (measure, amount, str(finding.measured_on or "")) if part),
        "can_measure": member.role is Role.MANAGER
        and not mine
        and not finding.measure
        and not finding.lifted,
        "can_decide": waits is not None and asked_of(waits, member) is FindingAsk.DECIDE,
        "can_appeal": mine and not finding.merit and finding.appealed_at is None,
        "can_appeal_for": _can_appeal_for(finding, visit),
        "appeal_by": words(
            "staff_record.appealed_for",
            name=finding.spoken_to or "",
            manner=words.name("manners", finding.manner or ""),
            at=short(finding.spoken_at, zone, words),
            by=_name(finding.appeal_by or "", visit),
        )
        if finding.spoken_at is not None
        else "",
        "outcome": words("staff_record.lifted" if finding.lifted else "staff_record.kept")
        if finding.decided_at
        else "",
    }


def _name(username: str, visit: Visit) -> str:
    person = visit.member.community.person(username)
    return person.name if person else username


def _can_appeal_for(finding: rules.Finding, visit: Visit) -> bool:
    """Whether the reader can record an appeal in the name of somebody who has left."""
    leads = visit.member.role in {Role.MANAGER, Role.COMPANY_HEAD}
    waits = not finding.merit and finding.appealed_at is None
    return leads and waits and rules.has_left(finding, visit.member.community)


def findings_form(reader: Reader, visit: Visit, finding: str = "", do: str = "record") -> Response:
    """Carry out a form of these pages; a refusal shows the page again with its sentence."""
    typed = form_fields(visit.request)
    which = "my-record" if do == "appeal" else "findings"
    try:
        _carried_out(visit, finding, do, typed)
    except REFUSED as error:
        why = refusal(error, visit.member.community.zone, reader.words, None)
        if which == "findings":
            typed = {**typed, "finding": finding}
            return findings_page(reader, visit, refused=why, typed=typed, status=status_of(error))
        return own_page(reader, visit, refused=why, typed=typed, status=status_of(error))
    return go_to(reader, f"desk/{visit.member.community.id}/{which}")


def _carried_out(visit: Visit, finding: str, do: str, typed: Typed) -> None:
    desk, store, member = wiring.desk(), wiring.findings(), visit.member
    said = {name: value for name, value in typed.items() if name not in {KEY_FIELD, "csrf"} and value.strip()}
    given: dict[str, Any] = dict(said)
    if do == "record":
        given["merit"] = said.get("what", "").startswith(MERIT)
        given["what"] = said.get("what", "").removeprefix(MERIT).removeprefix(FAULT)
        records.record(desk, store, member, read(given, rules.FindingForm), typed.get(KEY_FIELD))
    elif do == "measure":
        if "amount" in given:
            given["amount_fen"] = _fen(given.pop("amount"))
        records.measure(desk, store, member, finding, read(given, rules.MeasureForm))
    elif do == "appeal_for":
        given["spoken_at"] = formats.typed(said.get("spoken_at", ""), member.community.zone)
        if given["spoken_at"] is None:
            raise InvalidInputError("'spoken_at' is a day and a time.", "no_moment")
        records.appeal_in_name(desk, store, member, finding, read(given, rules.SpokenAppealForm))
    elif do == "decision":
        given["lifted"] = said.get("lifted") == "yes"
        records.decide(desk, store, member, finding, read(given, rules.StaffDecisionForm))
    else:
        records.appeal(desk, store, member, finding, read(given, rules.StaffAppealForm))


def _fen(amount: str) -> int:
    try:
        fen = round(float(amount) * 100)
    except (ValueError, OverflowError):
        fen = 0
    if not 0 < fen <= DEAREST_FEN:
        raise InvalidInputError("'amount' is an amount in yuan, such as 120.", "amount_of_measure")
    return fen
