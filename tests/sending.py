"""Sends the notices of a desk made of fakes, and knows whose number got them."""

from datetime import timedelta

from chalicelib.services.notices.delivery import Delivery
from tests.builders import Office, community
from tests.words import texts

BASE = "https://suda.cn"


def send(place: Office) -> None:
    """Everything leaves that may leave, a second later."""
    place.clock.advance(timedelta(seconds=1))
    delivery(place).sweep(place.clock() + timedelta(seconds=1))


def delivery(place: Office) -> Delivery:
    """What writes and sends the notices of the desk."""
    return Delivery(place.desk, place.stores.notices, place.sms, place.mail, BASE, texts)


def phone_of(username: str) -> str:
    """The number of somebody on the staff of `riverside`."""
    member = community().member(username)
    assert member is not None
    assert member.phone is not None
    return member.phone
