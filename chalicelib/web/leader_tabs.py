"""The links to the pages by which a desk is led, by role."""

from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.services.views.board import BOARD_READERS
from chalicelib.web.words import Words

Tab = tuple[str, str, bool]
"""The address, the name, and whether it is the page that is shown."""


def leader_tabs(member: Member, words: Words, home: str, current: str) -> list[Tab]:
    """The tabs of whoever leads."""
    wanted = [
        ("board", BOARD_READERS),
        ("calendar", BOARD_READERS),
        ("regulations", BOARD_READERS),
        ("communities", {Role.COMPANY_HEAD}),
        ("month-to-print", {Role.COMMITTEE, Role.MANAGER, Role.COMPANY_HEAD}),
    ]
    return [
        (f"{home}/{name}", words(f"{name.replace('-', '_')}.title"), current == name)
        for name, readers in wanted
        if member.role in readers
    ]
