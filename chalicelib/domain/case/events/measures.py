"""The events of remedy and prevention (B12)."""

from datetime import date

from msgspec import Struct


class MeasurePlanned(Struct, frozen=True):
    """A measure was put down: a `remedy`, done at once, or a `prevention`.

    With the username of its owner, and its date.
    """

    sort: str
    text: str
    owner: str
    due_on: date


class MeasureDone(Struct, frozen=True):
    """The measure of that number within the case was carried out."""

    measure: int
    note: str | None = None


class MeasureChased(Struct, frozen=True):
    """The date of a measure has passed, and `people` were told: its owner, and the supervisor."""

    measure: int
    people: tuple[str, ...] = ()


MeasureEvent = MeasurePlanned | MeasureDone | MeasureChased
"""Every event of the measures; a new payload belongs here."""
