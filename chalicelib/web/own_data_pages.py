"""The pages on which a resident sees the own data, and has it erased (G24).

All of it is posted, so that neither number nor proof stands in an address.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import DomainError, InvalidInputError, NotAllowedError, TooManyRequestsError
from chalicelib.http import own_data
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.requests import answer, read
from chalicelib.http.visits import Visit
from chalicelib.services.privacy.own_data import OwnCase, OwnData
from chalicelib.web.care_line import care_noted, care_of_case
from chalicelib.web.case_lines import state_line
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import phone_shown, short, whole_day
from chalicelib.web.history import Entry, told
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

ASK, CODE, SHOWN, DONE = "ask", "code", "shown", "done"
"""The steps of the page: which number, the code, the data, the receipt."""

REFUSED = (InvalidInputError, NotAllowedError, TooManyRequestsError)


def own_data_page(
    reader: Reader, visit: Visit, community: Community, step: str = ASK, **more: Any
) -> Response:
    """The page at one of its steps, for a resident or at the counter."""
    at_desk = visit.member_or_none is not None
    where = f"desk/{community.id}/my-data" if at_desk else f"c/{community.id}/my-data"
    frame = framed(reader, visit, "my-data") if at_desk else {"community": community, "csrf": ""}
    values: dict[str, Any] = {
        "refused": "",
        "phone": "",
        "proof": "",
        "code_request": "",
        "read_out": None,
        "data": None,
        "homes": [],
        "care": False,
        "said": "",
        "receipt": None,
        **more,
    }
    return page(
        reader,
        "own_data.html",
        values.pop("status", 200),
        **frame,
        base="desk_base.html" if at_desk else "base.html",
        brand=f"desk/{community.id}" if at_desk else f"c/{community.id}",
        address=where,
        here=f"{reader.root}{where}",
        step=step,
        sends="step" if step != DONE else "",
        at_desk=at_desk,
        desk_phone=None if at_desk else community.phone,
        **values,
    )


def own_data_step(reader: Reader, visit: Visit, community: Community) -> Response:
    """The next step; a refusal shows the step again with its sentence."""
    typed = form_fields(visit.request)
    phone = typed.get("phone", "").strip()
    steps: dict[str, Callable[..., Response]] = {
        "send": _send,
        "show": _shown_again,
        "prove": _prove,
        "download": _download,
        "erase": _erase,
        "withdraw_care": _withdraw_care,
    }
    do = steps.get(typed.get("do", ""))
    if do is None:
        return own_data_page(reader, visit, community)
    back = CODE if typed.get("do") == "prove" else ASK
    more: dict[str, Any] = {"phone": phone, "code_request": typed.get("request", "")}
    if reader.picked and do is not _shown_again:
        return own_data_page(reader, visit, community, back, **more)
    try:
        return do(reader, visit, community, typed)
    except REFUSED as error:
        why = why_refused(error, typed, "own_data.reach", community, reader.words)
        return own_data_page(reader, visit, community, back, refused=why, status=status_of(error), **more)


def why_refused(error: DomainError, typed: Typed, field: str, community: Community, words: Words) -> str:
    """Why a step was refused; of a number or address that is none, how one is written."""
    if isinstance(error, InvalidInputError) and error.reason is None and typed.get("do") == "send":
        [name] = reach(typed.get("phone", ""))
        return words(f"mistakes.{name}", field=words(field))
    return refusal(error, community.zone, words, community.phone)


def _send(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    phone = typed.get("phone", "").strip()
    sent = own_data.send_code(visit, community, read(reach(phone), own_data.CodeBody))
    more = {"code_request": sent.request or "", "read_out": sent.read_out}
    return own_data_page(reader, visit, community, CODE, phone=phone, **more)


def reach(typed: str) -> dict[str, str]:
    """What was typed, as a number or a mail address."""
    return {"email" if "@" in typed else "phone": typed}


def _prove(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    phone = typed.get("phone", "").strip()
    given = {**reach(phone), "code": typed.get("code", "").strip()}
    if typed.get("request"):
        given["request"] = typed["request"]
    proof = own_data.prove(visit, community, read(given, own_data.ProofBody))
    return _shown(reader, visit, community, phone, proof)


def _shown_again(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    """The data once more, in another language or look."""
    return _shown(reader, visit, community, typed.get("phone", "").strip(), _proved(typed).proof)


def _withdraw_care(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    body = _proved(typed)
    own_data.withdraw_care(visit, community, body)
    said = reader.words("own_data.care_withdrawn")
    return _shown(reader, visit, community, typed.get("phone", "").strip(), body.proof, said)


def _shown(
    reader: Reader, visit: Visit, community: Community, phone: str, proof: str, said: str = ""
) -> Response:
    words = reader.words
    data = own_data.read_own(visit, community, own_data.ProvedBody(proof, **reach(phone)), words.shared)
    cases = [_case(case, community, words) for case in data.cases]
    homes = _homes(data, community.country, words)
    more = {"data": cases, "homes": homes, "care": _is_noted(data), "said": said}
    return own_data_page(reader, visit, community, SHOWN, phone=phone, proof=proof, **more)


def _case(own: OwnCase, community: Community, words: Words) -> dict[str, Any]:
    """A case as its card shows it; how it stands, as its tracking page says it."""
    case = wiring.desk().cases.get(community.id, own.number)
    return {
        "case": own,
        "state": state_line(case, words),
        "registered": short(own.registered_at, community.zone, words),
        "phone": phone_shown(own.report.phone or "", community.country, words),
        "care": words.listed(care_of_case(own.report, words)) if own.care else "",
        "entries": _said(own, case, words),
        "praise": [praise.words for praise in own.praise if praise.words],
        "kept": [
            (words.name("data_kinds", kind), whole_day(_day(until, community), words))
            for kind, until in own.kept_until.items()
        ],
        "why": words.name("why_kept", own.why_kept) if own.why_kept else "",
    }


def _said(own: OwnCase, case: Case, words: Words) -> list[Entry]:
    """What was said in a case, as its tracking page says it: newest first."""
    desk = wiring.desk()
    events = desk.cases.events(case.community, case.number)
    with_words = {entry.version for entry in own.timeline if entry.text}
    return [
        entry for entry in told(case, events, desk.context_of(case), words) if entry.version in with_words
    ]


def _day(at: datetime, community: Community) -> date:
    return at.astimezone(ZoneInfo(community.zone)).date()


def _is_noted(data: OwnData) -> bool:
    """Whether there is a consent that can be taken back (G15)."""
    return any(home.care for home in data.households) or any(case.care for case in data.cases)


def _homes(data: OwnData, country: str, words: Words) -> list[str]:
    """What the household register has of the asker, a line for each unit."""
    lines = []
    for home in data.households:
        phones = [phone_shown(phone, country, words) for phone in home.phones]
        tenure, noted = words.name("tenures", home.tenure), care_noted(home, words)
        if home.care_ended_on:
            noted = (words("own_data.care_ended", on=whole_day(home.care_ended_on, words)),)
        lines.append(words.listed([home.unit, home.name, tenure, *phones, *noted]))
    return lines


def _proved(typed: Typed) -> own_data.ProvedBody:
    given = {**reach(typed.get("phone", "").strip()), "proof": typed.get("proof", "")}
    return read(given, own_data.ProvedBody)


def _download(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    body = _proved(typed)
    data = own_data.read_own(visit, community, body, reader.words.shared)
    response = answer(data)
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{community.id}.json"'
    return response


def _erase(reader: Reader, visit: Visit, community: Community, typed: Typed) -> Response:
    body = _proved(typed)
    receipt = own_data.erase_own(visit, community, body)
    words = reader.words
    shown = {
        "at": short(receipt.at, community.zone, words),
        "erased": words.listed(receipt.erased) if receipt.erased else words("page.none"),
        "kept": [(case.number, words.name("why_kept", case.why)) for case in receipt.kept],
        "units": words.listed(receipt.units),
        "backups": whole_day(_day(receipt.backups_until, community), words),
    }
    return own_data_page(reader, visit, community, DONE, receipt=shown)
