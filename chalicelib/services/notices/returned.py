"""What the provider tells of a mail after it has left: it arrived, came back, or was unwanted (A11, B8, G8).

It may be told twice, in any order, and before the mail is marked as sent. So the notice keeps the gravest
that was told, and the case hears of it only where the resident had nothing else.
"""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64Error
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.errors import NotFoundError
from chalicelib.log import count
from chalicelib.services.notices.telling import TellingRecord
from chalicelib.services.records import OUTCOMES, RETURNED, StoredNotice

COMMUNITY, CASE, NOTICE = "community", "case", "notice"
"""The tags of a mail, by which it is known when it comes back. Ids only."""

OF_NO_CASE: Mapping[str, str] = {}
"""The tags of a mail that stands for no notice: what became of it is a line in the log."""

log = logging.getLogger(__name__)


def tags_of(stored: StoredNotice) -> Mapping[str, str]:
    """The tags of a notice's mail; a digest has those of the first that it tells of."""
    key = urlsafe_b64encode(stored.notice.key.encode()).decode().rstrip("=")
    return {COMMUNITY: stored.community, CASE: stored.number, NOTICE: key}


class ReturnedMail(Struct, frozen=True):
    """The reader of what is told of mails."""

    telling: TellingRecord

    def told(self, tags: Mapping[str, str], provider_id: str, outcome: str) -> int:
        """Put on record what became of a mail; of how many notices that was news.

        A digest is one mail for several notices of a case. One that nobody here sent is none of ours.
        """
        community, number = tags.get(COMMUNITY, ""), tags.get(CASE, "")
        if not (community and number):
            log.warning("mail of no case", extra={"outcome": outcome})
            return 0
        notices = self.telling.notices
        key = _key_in(tags.get(NOTICE, ""))
        sent = [
            stored
            for stored in notices.of_case(community, number)
            if stored.notice.key == key or (provider_id and stored.provider_id == provider_id)
        ]
        if not sent:
            log.warning("mail of nobody", extra={"community": community, "case": number})
        news = 0
        for stored in sent:
            news += notices.came_to(stored, outcome)
            known = max(outcome, stored.outcome or outcome, key=OUTCOMES.index)
            if known in RETURNED:
                self._not_told(replace(stored, outcome=known))
        if news and outcome in RETURNED:
            count("MailsReturned", community=community, case=number, outcome=outcome)
        return news

    def _not_told(self, stored: StoredNotice) -> None:
        """Have the desk call, also if this was told before: the first time may have broken off."""
        try:
            self.telling.came_back(stored)
        except NotFoundError:
            log.warning("mail of no case", extra={"community": stored.community, "case": stored.number})


def _key_in(tag: str) -> str:
    """The notice's key in a tag; empty if the tag is none of ours."""
    try:
        return urlsafe_b64decode(tag + "=" * (-len(tag) % 4)).decode()
    except (NotBase64Error, ValueError):
        return ""
