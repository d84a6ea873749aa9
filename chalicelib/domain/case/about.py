"""Whom of the staff a complaint is about (G13): named, found in what was said, or not known yet."""

import re
from collections.abc import Iterable

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.community.community import Community, Staff

SHORTEST_NAME = 2
"""A name of one character stands in too many words to mean anybody."""


class About(Struct, frozen=True):
    """The staff whom a complaint is about, by username.

    `unknown`: somebody of the staff was described, and nobody has said yet who that is.
    """

    people: tuple[str, ...] = ()
    unknown: bool = False


NOBODY = About()
"""Most cases are about a thing."""


def after(about: About, event: ev.Event) -> About:
    """Whom the case is about after one more event."""
    match event.payload:
        case ev.Registered(report=report):
            return meant_by(report)
        case ev.FilledIn(about=(_, *_) as found):
            return About(tuple(dict.fromkeys((*about.people, *found))))
        case ev.Identified(person=person):
            return About((person,)) if person else NOBODY
        case _:
            return about


def meant_by(report: ev.Report) -> About:
    """Whom a report is about, as it says itself."""
    return About(report.about, report.about_person is not None and not report.about)


def named_in(texts: Iterable[str | None], community: Community) -> tuple[str, ...]:
    """The usernames of active staff whose names stand in what was said."""
    said = [text for text in texts if text]
    return tuple(
        member.username
        for member in community.staff
        if member.active and any(_stands_in(member, text) for text in said)
    )


def _stands_in(member: Staff, text: str) -> bool:
    name = member.name.strip()
    if len(name) < SHORTEST_NAME:
        return False
    if name.isascii():
        return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
    return name in text
