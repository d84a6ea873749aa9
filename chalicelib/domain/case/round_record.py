"""A round that has ended, as the figures count it."""

from datetime import datetime, timedelta

from msgspec import Struct


class RoundRecord(Struct, frozen=True):
    """A round that has ended, as the figures count it.

    `completed`: by work; else the case was found untrue, referred, withdrawn or merged. `late`: its time to
    solve had run out. `first_late`: the first answer or the arrival was late (rounds.py). `took` is the time
    from its beginning to its end, `paused` what of that the case stood still, both wall-clock: begun Monday
    09:00, paused from 10:00 to 12:00, completed 15:00 → 6 hours, 2 of them paused. `surveyed`: the resident
    was to be asked about the work, as everybody is but for most of an incident (A16).

    Of work that came back: when it was `completed_at`, under which `matter`, and `accepted_at`, if it was.
    """

    handler: str | None
    completed: bool
    late: bool
    took: timedelta
    paused: timedelta
    first_late: bool = False
    surveyed: bool = True
    completed_at: datetime | None = None
    accepted_at: datetime | None = None
    matter: str | None = None
