"""POST /v1/channels/ivr: the steps of a call from any exchange, signed (A1, C4)."""

from datetime import datetime
from typing import Any

from chalice.app import Blueprint, Response
from msgspec import Struct
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.form_fields import LongText, ShortText
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import InvalidInputError, NotAllowedError, NotFoundError
from chalicelib.domain.texts import cleaned, with_gaps
from chalicelib.http.contacts import stored_phone
from chalicelib.http.machine_report import machine_values, shown
from chalicelib.http.requests import answer, words_for
from chalicelib.http.routing import route
from chalicelib.http.signed import SIGNED_WITH, caller_of
from chalicelib.http.visits import SIGNED, Visit
from chalicelib.services.access.authorization import known_community
from chalicelib.services.intake.call_answers import SpokenCase, asked_cases, closed_line, spoken_number
from chalicelib.services.intake.calls import Call, answered, take_call

ivr_channel = Blueprint(__name__)


class IvrStep(Struct, frozen=True):
    """A step of a call, as an exchange sends it: what is known by now.

    `call` is the exchange's id of the call. `kind` is complaint, repair or help. `finished`: the caller has
    heard that it is registered; until a step says so, the call is one to call back. `asks`: the caller wants
    to hear how a case stands and nothing else; that of `number`, if they keyed one in. Every step may be sent
    again, and in any order.
    """

    community: ShortText
    call: ShortText
    phone: ShortText | None = None
    kind: ShortText | None = None
    unit: ShortText | None = None
    name: ShortText | None = None
    text: LongText | None = None
    recording: LongText | None = None
    began_at: datetime | None = None
    finished: bool = False
    asks: bool = False
    number: ShortText | None = None


class IvrAnswer(Struct, frozen=True):
    """What to read out: `say`, in the language of `Accept-Language`.

    `number` is that of the case which the call has become, `spoken` the same in single digits; null if it is
    none yet. `cases` are the caller's own: those asked for, else the open ones. `left_out` is what was sent
    and could not be taken, each as `field: value`; it stands on the case.
    """

    say: str
    number: str | None
    spoken: str | None
    cases: tuple[SpokenCase, ...]
    left_out: tuple[str, ...]


@route(
    ivr_channel,
    "/v1/channels/ivr",
    methods=("POST",),
    policy=SIGNED,
    takes=IvrStep,
    gives=(IvrAnswer,),
    headers=tuple(SIGNED_WITH),
)
def hear_step(visit: Visit) -> Response:
    """A step of a call, signed by its exchange (docs/channels.md). One call is one case, however often a
    step arrives. What is beside the words is never refused; the answer names what could not be taken. Only
    a name that stands twice is: which of the two was said, nobody can tell.
    """
    caller, desk, words = caller_of(visit.request), wiring.desk(), words_for(visit.request)
    values = machine_values(visit.request, each_once=True)
    place, actor = _placed(values, caller), Actor(Role.MACHINE, caller)
    call, number = _call(values, place)
    call = replace(call, language=words.language)
    if values.get("asks") is True:
        answered(desk, place.id, actor, call.id)
        cases = asked_cases(desk, place.id, call.phone, number, words)
        say = " ".join(case.say for case in cases) or words("call.none")
        return answer(IvrAnswer(say, None, None, cases, call.left_out))
    receipt = take_call(desk, desk.context(place), actor, call)
    others = asked_cases(desk, place.id, call.phone, None, words)
    if receipt is None:
        closed = [closed_line(place, words)] if place.closed else []
        say = " ".join([*closed, *(case.say for case in others)]) or words("call.go_on")
        return answer(IvrAnswer(say, None, None, others, call.left_out))
    spoken = spoken_number(receipt.case.number, words)
    say = words("call.registered" if call.finished else "call.begun", number=spoken)
    others = tuple(case for case in others if case.number != receipt.case.number)
    return answer(IvrAnswer(say, receipt.case.number, spoken, others, receipt.case.report.left_out))


def _placed(values: dict[str, Any], caller: str) -> Community:
    """The community that a step is for; NotAllowedError where the caller is no machine of it."""
    for name in ("community", "call"):
        if not (isinstance(values.get(name), str) and cleaned(values[name]) and len(values[name]) <= 100):
            raise InvalidInputError(f"'{name}' is missing: a text of 1 to 100 characters.")
    refused = NotAllowedError(f"'{caller}' is no machine of '{values['community']}'.")
    try:
        place = known_community(wiring.desk(), values["community"])
    except NotFoundError:
        raise refused from None
    member = place.member(caller)
    if member is None or member.role is not Role.MACHINE or not member.active:
        raise refused
    return place


def _call(values: dict[str, Any], place: Community) -> tuple[Call, str | None]:
    """What a step says of the call, and the number that was keyed in."""
    left_out: list[str] = []

    def said(name: str) -> str | None:
        value = values.get(name)
        if value is None or (isinstance(value, str) and not cleaned(value)):
            return None
        if isinstance(value, str):
            return value
        left_out.append(shown(name, value))
        return None

    phone, began_at = said("phone"), said("began_at")
    known = {name: said(name) for name in ("kind", "unit", "name", "text", "recording")}
    try:
        phone = stored_phone(phone, place.country, place.countries_written_to) if phone else None
    except InvalidInputError:
        left_out.append(shown("phone", phone))
        phone = None
    moment = _moment(began_at)
    if began_at is not None and moment is None:
        left_out.append(shown("began_at", began_at))
    number = said("number")
    if number is not None:
        number = number if "-" in number else f"{number[:6]}-{number[6:]}"
        number = number if number.isascii() and NUMBER.fullmatch(number) else ""
    unknown = [name for name in values if name not in IvrStep.__struct_fields__]
    left_out += [shown(name, values[name]) for name in unknown]
    call = Call(
        id=cleaned(with_gaps(values["call"])),
        phone=phone,
        **known,
        began_at=moment,
        finished=values.get("finished") is True,
        left_out=tuple(left_out),
    )
    return call, number


def _moment(given: str | None) -> datetime | None:
    """An instant with its zone; None for what is none."""
    try:
        moment = datetime.fromisoformat(given) if given else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
