"""PDFs of a case: asked for, made by a function of its own, and there for a day (B4, B9, E6).

What is asked for lies in the bucket until it is made, and so does the PDF until its lifecycle ends it. The
names of both show neither the case nor who asked, and only who asked finds them again. The bucket may tell of
the same asking twice or late: then there is nothing to make any more.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.community.community import Community, Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotFoundError
from chalicelib.services.access.authorization import visible_case
from chalicelib.services.desk import Desk
from chalicelib.services.files.showing import ADDRESS_SECONDS

ASKED, MADE = "papers.do/", "papers.out/"
"""Where in the bucket lies what is asked for, and what was made."""
PDF = "application/pdf"
LARGEST_ORDER = 2000
LONGEST = timedelta(minutes=3)
"""So long a PDF takes at most, with two repeats; later it did not work (ours)."""


class PaperOrder(Struct, frozen=True):
    """A PDF that somebody asked for: which sheet of which case, in which language, and who reads it."""

    number: str
    sheet: str
    language: str
    username: str
    name: str
    role: Role
    departments: tuple[str, ...]


class Paper(Struct, frozen=True):
    """What became of a PDF: its `address` for some minutes, None before; `failed` if it will not come."""

    address: str | None = None
    failed: bool = False


Make = Callable[[Case, Member, PaperOrder], bytes]
"""What draws a sheet of a case for a member."""


def ask_for_paper(desk: Desk, member: Member, case: Case, sheet: str, language: str) -> str:
    """Ask for a PDF; the id by which it is found."""
    paper_id = f"{int(desk.now().timestamp()):08x}{uuid4().hex[:8]}"
    who = member.username, member.name, member.role, member.departments
    order = msgspec.json.encode(PaperOrder(case.number, sheet, language, *who))
    desk.files.put(f"{ASKED}{_place(desk, member, case.number)}/{paper_id}", order, "application/json")
    return paper_id


def paper_of(desk: Desk, member: Member, case: Case, paper_id: str, saved_as: str) -> Paper:
    """How far a PDF is that the member asked for; NotFoundError if they did not, or it is gone."""
    place = f"{_place(desk, member, case.number)}/{paper_id}"
    if made := next(iter(desk.files.listed(f"{MADE}{place}")), None):
        return Paper(desk.files.address(made, PDF, saved_as, ADDRESS_SECONDS))
    if not desk.files.listed(f"{ASKED}{place}"):
        raise NotFoundError("This PDF is not there any more; ask for it again.", "paper_gone")
    return Paper(failed=desk.now() - datetime.fromtimestamp(int(paper_id[:8], 16), UTC) > LONGEST)


def make_asked(desk: Desk, community: Community, place: str, make: Make) -> bool:
    """Make a PDF that was asked for; False if that was done, or its reader may not see the case any more."""
    data = desk.files.read(f"{ASKED}{place}", LARGEST_ORDER)
    if data is None:
        return False
    order = msgspec.json.decode(data, type=PaperOrder)
    member = Member(order.username, order.name, order.role, order.departments, community)
    try:
        case = visible_case(desk, member, order.number)
    except NotFoundError:
        desk.files.erase([f"{ASKED}{place}"])
        return False
    desk.files.put(f"{MADE}{place}", make(case, member, order), PDF)
    desk.files.erase([f"{ASKED}{place}"])
    return True


def _place(desk: Desk, member: Member, number: str) -> str:
    whose = desk.codes.keyed("paper", "\0".join((member.community.id, number, member.username)))
    return f"{member.community.id}/{whose[:32]}"
