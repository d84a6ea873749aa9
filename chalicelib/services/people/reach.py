"""Whose number or address is changed is told by the old one: a guard against take-overs (E8)."""

import logging

from msgspec.structs import replace

from chalicelib.domain.community.community import Community, Staff
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.apart import send_apart
from chalicelib.services.notices.delivery import Delivery

log = logging.getLogger(__name__)

KIND = "reach_changed"


def tell_as_before(delivery: Delivery, here: Community, before: Staff, after: Staff) -> bool:
    """Tell a person by the number and address that they had, where those have changed; whether it left.

    The message names nobody and no number: who has the old one now may be a stranger. A change that stands is
    not taken back because it could not be told.
    """
    old = replace(
        before,
        phone=before.phone if before.phone != after.phone else "",
        email=before.email if before.email != after.email else None,
    )
    try:
        return send_apart(delivery, here, old, KIND, {"community": here.name})
    except DeliveryError as error:
        log.warning("a changed number not told", extra={"community": here.id, "code": error.code})
        return False
