"""Messages to staff that belong to no case: sent by every way there is to a person."""

from collections.abc import Mapping

from chalicelib.domain.community.community import Staff
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.notices.templates import write_mail, write_sms
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.returned import OF_NO_CASE


def send_apart(delivery: Delivery, person: Staff, kind: str, values: Mapping[str, str]) -> bool:
    """Send a message of no case to a person; one way that takes it is enough.

    False where there is no way. DeliveryError if none took it.
    """
    texts = delivery.texts()
    sent, refused = False, None
    if person.phone and can_get_sms(person.phone):
        try:
            delivery.sms.send(person.phone, write_sms(texts, kind, None, values))
            sent = True
        except DeliveryError as error:
            refused = error
    if person.email:
        mail = write_mail(texts, kind, None, values)
        try:
            delivery.mail.send(person.email, mail.subject, mail.body, OF_NO_CASE)
            sent = True
        except DeliveryError as error:
            refused = error
    if refused is not None and not sent:
        raise refused
    return sent
