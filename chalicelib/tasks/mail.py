"""The task behind SES: what became of mails that have left (A11, B8).

SES publishes to the topic of the mails' configuration set, and the topic calls the function
(infra/resources.yaml).
"""

import json
import logging
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib import wiring

log = logging.getLogger(__name__)

NO_TRY_MORE = frozenset({"Permanent", "Undetermined"})
"""Kinds of bounces after which SES holds the address for a dead one, or cannot say that it lives."""


def mail_events(event: Mapping[str, Any], _context: object = None) -> dict[str, int]:
    """Put on record what SES tells of mails; how many notices learned something new.

    What is not understood is logged, without what stands in it, and dropped: another delivery would not make
    it clearer. A store that does not answer is an error, and Lambda calls twice more.
    """
    from chalicelib.services.notices.returned import ReturnedMail
    from chalicelib.services.notices.telling import TellingRecord

    learned, reader = 0, ReturnedMail(TellingRecord(wiring.desk(), wiring.notices()))
    for told in _messages(event):
        mail = told.get("mail")
        outcome = _outcome(told)
        if outcome is None or not isinstance(mail, dict):
            log.warning("mail event not understood")
            continue
        tags = dict(_tags(mail))
        learned += reader.told(tags, str(mail.get("messageId") or ""), outcome)
    return {"learned": learned}


def _messages(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What SES says in each record of SNS; an empty one for a record that cannot be read."""
    for record in event.get("Records") or ():
        try:
            told = json.loads(record["Sns"]["Message"])
        except (KeyError, TypeError, ValueError):
            told = {}
        yield told if isinstance(told, dict) else {}


def _outcome(told: Mapping[str, Any]) -> str | None:
    """The outcome that an event means (services/records.py); None for any other event.

    Answers by machines ("I am on holiday") come as transient bounces of a mail that has arrived.
    """
    bounce = told.get("bounce")
    match told.get("eventType"):
        case "Delivery":
            return "delivered"
        case "Complaint":
            return "complained"
        case "Reject":
            return "put_back"
        case "Bounce" if isinstance(bounce, dict):
            return "bounced" if bounce.get("bounceType") in NO_TRY_MORE else "put_back"
        case _:
            return None


def _tags(mail: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The mail's tags; SES gives the values of each as a list."""
    tags = mail.get("tags")
    for name, values in tags.items() if isinstance(tags, dict) else ():
        if isinstance(values, list) and values and isinstance(values[0], str):
            yield name, values[0]
