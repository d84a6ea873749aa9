"""Sends the notices of a desk made of fakes, and knows whose number got them."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.forms import AssignForm, SignForm
from chalicelib.services.notices.delivery import Delivery
from tests.builders import AGENT, SUPERVISOR, Office, community
from tests.stories import HANDLER
from tests.words import texts

BASE = "https://suda.cn"


def send(place: Office) -> None:
    """Everything leaves that may leave, a second later."""
    place.clock.advance(timedelta(seconds=1))
    delivery(place).sweep(place.clock() + timedelta(seconds=1))


def at_work(place: Office, actor: Actor = AGENT, **about: Any) -> Case:
    """A case of the desk that its handler has signed for, with the first messages gone."""
    case = place.register(actor=actor, **about).case
    case = place.do(case, "assign", SUPERVISOR, AssignForm(HANDLER.id, "熟悉"))
    case = place.do(case, "sign", HANDLER, SignForm("工程部甲"))
    send(place)
    return place.case(case)


def delivery(place: Office) -> Delivery:
    """What writes and sends the notices of the desk."""
    return Delivery(place.desk, place.stores.notices, place.sms, place.mail, BASE, texts)


def phone_of(username: str) -> str:
    """The number of somebody on the staff of `riverside`."""
    member = community().member(username)
    assert member is not None
    assert member.phone is not None
    return member.phone
