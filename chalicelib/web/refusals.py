"""Refusals in the reader's language.

The domain says them in English, with a reason and facts.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.errors import DomainError
from chalicelib.web.formats import short
from chalicelib.web.words import Words

MOST_MINUTES = 120
"""So many minutes are said as minutes."""

UTC_ZONE = "UTC"
"""The zone of a refusal that knows no community."""


def refusal(error: DomainError, zone: str, words: Words, phone: str | None = None) -> str:
    """One sentence for a refusal.

    It goes by the reason, if the catalogue knows that, else by the code. `phone` is that of the community's
    desk, where the community is known.
    """
    known = words.groups["refusals"].get(error.reason or "")
    if known is not None:
        return known.format_map(
            {
                "desk": words.desk(phone),
                **{name: _fact(name, value, zone, words) for name, value in error.facts.items()},
            }
        )
    if "field" in error.facts and error.reason in words.groups["mistakes"]:
        facts = {**error.facts, "field": words.name("fields", error.facts["field"])}
        return words(f"mistakes.{error.reason}", **facts)
    errors = words.groups["errors"]
    return errors.get(error.code) or errors["InvalidInput"]


def _so_long(minutes: int, words: Words) -> str:
    """30分钟, and 24小时 for 1419 minutes: more than two hours are said in whole hours, rather too many."""
    if minutes <= MOST_MINUTES:
        return words.shared.counted("amounts.minutes", minutes)
    return words.shared.counted("amounts.hours", -(-minutes // 60))


def _fact(name: str, value: object, zone: str, words: Words) -> str:
    if isinstance(value, datetime):
        return short(value, zone, words)
    if isinstance(value, Mapping):
        return words.of(value)
    if name == "minutes" and isinstance(value, int):
        return _so_long(value, words)
    if name == "state":
        return words.name("states", value)
    if name == "clock":
        return words.name("clocks", value)
    return str(value)
