"""The events of a case that leads an incident: many reports of one outage or hazard (A16, G10)."""

from datetime import datetime

from msgspec import Struct


class IncidentOpened(Struct, frozen=True):
    """The case leads an incident, and reports of the same are joined to it.

    `matter` and `place` say what is the same: the place of that `scope` (domain/community/places.py), empty
    where it is the whole community. `until` is when no further report joins by itself. `text` is what those
    concerned are told at the start.
    """

    matter: str
    scope: str
    place: str
    until: datetime
    text: str


class IncidentTold(Struct, frozen=True):
    """Those concerned are told that something has changed."""

    text: str


class IncidentDissolved(Struct, frozen=True):
    """It was no incident: the case goes on by itself, and so does each that was joined to it."""

    reason: str


IncidentEvent = IncidentOpened | IncidentTold | IncidentDissolved
"""Every event of an incident; a new payload belongs here."""
