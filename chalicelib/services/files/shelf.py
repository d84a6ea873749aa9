"""Where in the bucket a file stands: just arrived, looked at, or kept with its case (A3).

What has arrived is seen by nobody. What was looked at waits until a case names it. Both go by themselves
after two days (the lifecycle rules in infra/resources.yaml), so that what nobody claims is not kept. The dot
keeps these names apart from those of recordings, which begin with a community.
"""

from chalicelib.domain.content.kinds import KINDS, Kind
from chalicelib.services.desk import Desk

ARRIVED, SEEN, KEPT = "files.in/", "files.seen/", "files.kept/"
NOT_TAKEN = "no-"
"""What stands in the place of the ending of a file that was not taken, with the reason behind it."""


def folder_of_form(desk: Desk, community: str, key: str) -> str:
    """The folder of a form that is no case yet: by its one-time key, as the sender has it.

    A stranger's key is kept with the network behind it (http/report_body.py); a telephone may change that
    between a photo and the form.
    """
    return _folder(desk, "form", community, key.partition("\0")[0])


def folder_of_case(desk: Desk, community: str, number: str) -> str:
    """The folder of a case, for what comes after its registration."""
    return _folder(desk, "case", community, number)


def folder_of_steward(desk: Desk, community: str, username: str) -> str:
    """The folder of a steward's photo (B2)."""
    return _folder(desk, "steward", community, username)


def _folder(desk: Desk, what: str, community: str, of: str) -> str:
    return f"{community}/{desk.codes.keyed('files', chr(0).join((what, community, of)))[:32]}"


def ending_of(key: str) -> str:
    """What stands behind the file's name: the ending of its kind, or why it was not taken."""
    return key.rpartition("/")[2].partition(".")[2]


def kind_of(key: str) -> Kind | None:
    """The kind of a file that was looked at; None if it was not taken."""
    return KINDS.get(ending_of(key))
