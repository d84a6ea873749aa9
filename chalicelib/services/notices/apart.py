"""Messages to staff that belong to no case: sent by every way there is to a person."""

import logging
from collections.abc import Callable, Iterator, Mapping

from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.language import language_to
from chalicelib.domain.community.phones import can_get_sms
from chalicelib.domain.notices.templates import Texts, write_mail, write_sms
from chalicelib.services.directory_port import Directory
from chalicelib.services.errors import DeliveryError
from chalicelib.services.notices.delivery import Delivery
from chalicelib.services.notices.returned import OF_NO_CASE

log = logging.getLogger(__name__)


def readable_communities(directory: Directory, what: str) -> Iterator[Community]:
    """Every community that can be read; of the others the log says `what` was to be told."""
    for name in directory.names():
        try:
            community = directory.community(name)
        except Exception:  # the run says so when it comes to that community
            log.warning("%s without a community", what, extra={"community": name}, exc_info=True)
            continue
        yield community


def tell_each(directory: Directory, what: str, tell: Callable[[Community], int]) -> int:
    """Tell in each community; to how many people. DeliveryError, after all of them, if one was not told."""
    told, failed = 0, None
    for community in readable_communities(directory, what):
        try:
            told += tell(community)
        except DeliveryError as error:
            failed = error
            log.warning("%s not told yet", what, extra={"community": community.id, "code": error.code})
    if failed is not None:
        raise failed
    return told


def texts_to(delivery: Delivery, person: Staff, community: Community) -> Texts:
    """The words of a message of no case, in the language of whoever gets it (A11)."""
    return delivery.texts(language_to(person, community))


def send_apart(
    delivery: Delivery, community: Community, person: Staff, kind: str, values: Mapping[str, str]
) -> bool:
    """Send a message of no case to a person of a community; one way that takes it is enough.

    False where there is no way. DeliveryError if none took it.
    """
    texts = texts_to(delivery, person, community)
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
