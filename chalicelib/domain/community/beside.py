"""What waits for the staff of a community and stands in no case: mails to look at, findings (A1, B15)."""

from msgspec import Struct

MOST_HELD = 100
"""So many held mails are counted: behind them are more (ours)."""


class OpenFinding(Struct, frozen=True):
    """A finding on `about` that somebody has still to do with, without its words.

    `appealed`: an appeal waits for a decision. `unmeasured`: no measure was taken. `unread`: whom it is about
    has not read it as it stands.
    """

    id: str
    number: str
    about: str
    by: str
    appealed: bool = False
    unmeasured: bool = False
    unread: bool = False


class Beside(Struct, frozen=True):
    """What waits beside the cases: the names of the mails that are held, and findings."""

    held: tuple[str, ...] = ()
    findings: tuple[OpenFinding, ...] = ()
