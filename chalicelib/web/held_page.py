"""The page of the mails that wait for the desk: whose, why, and what they say (A1)."""

from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.intake.letter import Held
from chalicelib.http.letters import letter_of, parts_of
from chalicelib.http.visits import Visit
from chalicelib.services.intake import held
from chalicelib.services.intake.held_names import HeldLetter
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import short
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words

LONGEST_SHOWN = 1000
"""So much of a mail's text is shown; the whole of it comes with the original (ours)."""


def held_page(reader: Reader, visit: Visit) -> Response:
    """The mails that wait, the newest first."""
    desk, member = wiring.desk(), visit.member
    waiting = held.held_letters(desk, member)
    return page(
        reader,
        "held.html",
        **framed(reader, visit, "held"),
        letters=[_line(visit, letter, reader.words) for letter in waiting[: held.MOST_SHOWN]],
        more=max(len(waiting) - held.MOST_SHOWN, 0),
        here=f"{reader.root}desk/{member.community.id}/held",
    )


def address_of(visit: Visit, name: str) -> str:
    """Where a mail that waits can be loaded down, for a minute."""
    letter, _ = held.held_letter(wiring.desk(), visit.member, name)
    return held.original_of(wiring.desk(), visit.member, letter)


def dealt_with(reader: Reader, visit: Visit, name: str, *, take: bool) -> Response:
    """Take a mail in and go to its case, or throw it away."""
    desk, home = wiring.desk(), f"desk/{visit.member.community.id}"
    letter, raw = held.held_letter(desk, visit.member, name)
    if not take:
        held.drop_held(desk, visit.member, letter)
        return go_to(reader, f"{home}/held")
    taken = held.take_held(desk, visit.member, letter, letter_of(raw), raw, parts_of(raw))
    return go_to(reader, f"{home}/cases/{taken.number}")


def _line(visit: Visit, waits: HeldLetter, words: Words) -> dict[str, Any]:
    _, raw = held.held_letter(wiring.desk(), visit.member, waits.name)
    letter = letter_of(raw)
    return {
        "name": waits.name,
        "at": short(waits.at, visit.member.community.zone, words),
        "why": words.name("held_because", waits.why),
        "sender": f"{letter.name} {letter.sender}".strip() or words("held.no_sender"),
        "subject": letter.subject or words("held.no_subject"),
        "text": letter.text[:LONGEST_SHOWN],
        "attachments": "\n".join(letter.attachments),
        "opens": waits.why is not Held.VIRUS,
        "takes": bool(letter.said),
    }
