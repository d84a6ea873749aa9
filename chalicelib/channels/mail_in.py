"""Mails to the desk: SES puts each into the bucket, then calls this function with what it found out (A1).

A mail is for the community whose id stands before the `@`, or behind a `+` there: `riverside@…`,
`desk+riverside@…`. One that could not be taken stays where SES has put it: Lambda calls twice more, and
`python -m infra mail STAGE --again` takes whatever lies there still.
"""

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib import wiring
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import NotFoundError
from chalicelib.domain.intake.letter import Checks, Held
from chalicelib.http.letters import is_many_parts, letter_of, parts_of
from chalicelib.services.access.authorization import known_community
from chalicelib.services.intake.letters import hold, take_letter
from chalicelib.settings import settings

log = logging.getLogger(__name__)

INBOX = "inbox/"
MESSAGE = re.compile(r"[A-Za-z0-9_-]{1,128}")
LARGEST_BYTES = 25 * 1024 * 1024
"""A larger mail is not taken apart, for the function's memory; the desk has it to load down (ours)."""
BEGINNING = 64 * 1024
"""So much is read of one that is not taken apart: its headers say whose it is."""
PASSED = frozenset({"PASS"})
STRICT = frozenset({"REJECT", "QUARANTINE"})
"""What a domain asks to be done with a mail in its name that it has not sent."""


class LetterForNobodyError(Exception):
    """A mail whose recipients are no communities of ours; it stays in the bucket."""


def mail_in(event: Mapping[str, Any], _context: object = None) -> dict[str, int]:
    """Take mails in; how many became cases, were added to one, or wait for the desk."""
    found = {"cases": 0, "added": 0, "held": 0, "ours": 0}
    for record in event.get("Records") or ():
        for what in _received(record["ses"]):
            found[what] += 1
    return found


def _received(told: Mapping[str, Any]) -> list[str]:
    """What became of one mail, for each community that it was sent to."""
    mail, receipt, desk = told["mail"], told["receipt"], wiring.desk()
    message = str(mail["messageId"])
    if not MESSAGE.fullmatch(message):
        raise ValueError("That is no id of a message.")
    raw = desk.recordings.read(INBOX + message)
    if raw is None:
        return []  # taken before
    places = {place.id: place for address in receipt["recipients"] if (place := _place_of(str(address)))}
    if not places:
        log.error("letter_for_nobody", extra={"letter": message})
        raise LetterForNobodyError(f"Mail {message} is for no community; it stays in the bucket.")
    arrived_at, handed_in_by = datetime.fromisoformat(str(mail["timestamp"])), str(mail.get("source") or "")
    found = [_taken(raw, place, receipt, handed_in_by, arrived_at) for place in places.values()]
    desk.recordings.erase(INBOX + message)
    return found


def _taken(
    raw: bytes, place: Community, receipt: Mapping[str, Any], handed_in_by: str, arrived_at: datetime
) -> str:
    desk = wiring.desk()
    whole = len(raw) <= LARGEST_BYTES and not is_many_parts(raw)
    letter = letter_of(raw if whole else raw[:BEGINNING])
    checks = _checks(receipt, _of_one_domain(handed_in_by, letter.sender))
    if letter.sender and letter.sender.casefold() == settings().mail_from.casefold():
        return "ours"
    if not whole:
        taken = hold(desk, place.id, letter.id, Held.LARGE, raw, arrived_at)
    else:
        taken = take_letter(desk, desk.context(place), letter, raw, checks, arrived_at, parts_of(raw))
    extra = {"community": place.id, "letter": letter.id, "number": taken.number, "held": taken.held}
    log.info("letter_taken", extra=extra)
    return "held" if taken.held else "added" if taken.added else "cases"


def _place_of(address: str) -> Community | None:
    name = address.partition("@")[0].rpartition("+")[2].lower()
    try:
        return known_community(wiring.desk(), name) if name else None
    except NotFoundError:
        return None


def _of_one_domain(handed_in_by: str, sender: str) -> bool:
    """Whether whoever handed a mail in is of its sender's domain, or of one below."""
    own, below = (address.rpartition("@")[2].casefold() for address in (sender, handed_in_by))
    return bool(own) and (below == own or below.endswith(f".{own}"))


def _checks(receipt: Mapping[str, Any], of_one_domain: bool) -> Checks:
    """What SES has found out. What it could not find out speaks neither for a mail nor against it.

    DMARC is about the sender whom a mail names. SPF is about whoever hands it in, so it says something of
    the sender only where both are `of_one_domain`; a signature (DKIM) alone may be anybody's.
    """

    def said(name: str) -> str:
        return str((receipt.get(f"{name}Verdict") or {}).get("status") or "")

    policy, dmarc = str(receipt.get("dmarcPolicy") or "").upper(), said("dmarc")
    return Checks(
        virus=said("virus") == "FAIL",
        spam=said("spam") == "FAIL",
        forged=dmarc == "FAIL" and policy in STRICT,
        genuine=dmarc in PASSED or (dmarc != "FAIL" and said("spf") in PASSED and of_one_domain),
    )
