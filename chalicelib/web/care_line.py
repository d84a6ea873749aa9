"""That somebody needs help, on pages: who agreed to the note, and when (G15)."""

from chalicelib.services.households.own import OwnHousehold
from chalicelib.services.views.household import Reporter
from chalicelib.web.words import Words


def care_noted(person: Reporter | OwnHousehold, words: Words) -> tuple[str, ...]:
    """The note that somebody needs help, with whose consent; nothing where there is none."""
    if not person.care:
        return ()
    on = person.consented_on.isoformat() if person.consented_on else "–"
    return (words("known.care_by", by=person.consented_by or "–", on=on),)
