"""The function that contact flows of Amazon Connect ask during a call (A1, A2; infra/connect/).

The flow speaks and takes the keys; for what it does not know it calls this function with a `step`,
and reads the answer as `$.External.…`: a flat map of strings, always with every name of `Answer`. A flow that
is refused an answer hangs up on somebody, so whatever happens there is one, with `ok` = "no". Steps are taken
by the id of the contact, so that one that comes twice, as Connect's do, changes nothing.

Connect tells a flow nothing when the caller hangs up. EventBridge does, by the id of the contact alone: so
the number that calls is remembered for a day when the call comes in.
"""

import logging
import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from chalicelib import wiring
from chalicelib.channels.connect_steps import CONNECT, REMEMBERED, STEPS, Answer, Contact, called
from chalicelib.domain.errors import NotFoundError
from chalicelib.http.requests import DEFAULT_LANGUAGE
from chalicelib.services.access.authorization import known_community
from chalicelib.services.intake.calls import Call, take_call

log = logging.getLogger(__name__)

CONTACT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NO_ANSWER = Answer(ok="no")


def connect(event: Mapping[str, Any], _context: object = None) -> dict[str, str]:
    """Answer a step of a contact flow; or hear of the end of a contact, from EventBridge.

    A flow always gets an answer. An event of EventBridge that failed is one: it is sent twice more.
    """
    if "Details" not in event:
        return asdict(ended(event))
    try:
        return asdict(heard(event["Details"]))
    except Exception:
        log.exception("contact_not_answered")
        return asdict(NO_ANSWER)


def heard(details: Mapping[str, Any]) -> Answer:
    """The answer to a step; `ok` = "no" for what is no step of a contact in a community of ours."""
    data, given = details["ContactData"], details.get("Parameters") or {}
    step, contact = STEPS.get(given.get("step", "")), str(data["ContactId"])
    endpoint = data.get("CustomerEndpoint") or {}
    try:
        place = known_community(wiring.desk(), given.get("community", ""))
    except NotFoundError:
        place = None
    if step is None or place is None or not CONTACT_ID.fullmatch(contact):
        log.error("contact_flow_not_understood", extra={"step": str(given.get("step"))[:40]})
        return NO_ANSWER
    languages = wiring.words()
    language = given.get("language", "")
    tag = language if language in languages.languages() else DEFAULT_LANGUAGE
    return step(
        Contact(
            id=contact,
            desk=wiring.desk(),
            context=wiring.desk().context(place),
            words=languages.get(tag),
            number=str(endpoint.get("Address") or ""),
            given={name: str(value) for name, value in given.items() if value is not None},
        )
    )


def ended(event: Mapping[str, Any]) -> Answer:
    """Hear that a contact is over: whoever was not answered, and can be called, is called back (A1)."""
    detail, desk = event.get("detail") or {}, wiring.desk()
    contact = str(detail.get("contactId"))
    if detail.get("eventType") != "DISCONNECTED" or not CONTACT_ID.fullmatch(contact):
        return NO_ANSWER
    known = desk.links.recall(called(desk, contact))
    if known is None:
        return Answer()
    place = known_community(desk, known["community"])
    take_call(desk, desk.context(place), CONNECT, Call(id=contact, phone=known["phone"]))
    desk.links.remember(called(desk, contact), None, desk.now() + REMEMBERED)
    return Answer()
