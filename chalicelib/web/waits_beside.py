"""What waits on the first page and stands in no case: mails, findings, missing stewards (A1, B2, B15)."""

from collections.abc import Iterator

from msgspec import Struct

from chalicelib import wiring
from chalicelib.domain.community.beside import MOST_HELD, OpenFinding
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.follow_up.open_findings import FindingAsk, asked_of
from chalicelib.services.duty.stewards import missing_stewards
from chalicelib.services.intake.held_names import waiting_for
from chalicelib.web.words import Words

MOST_NAMED = 8
"""So many buildings without a steward are named."""
MOST_FINDINGS = 5
"""So many findings have a line each; the others are on their page."""

ACTS = {
    FindingAsk.DECIDE: "staff_record.decide",
    FindingAsk.MEASURE: "staff_record.take",
    FindingAsk.READ: "staff_record.read",
}
"""What somebody is asked for on a finding → the words on its button."""


class BesideLine(Struct, frozen=True):
    """One thing that waits: what it says, the page that it is done on, and what the button says."""

    said: str
    path: str
    act: str
    late: bool = False


def lines_beside(member: Member, words: Words) -> tuple[BesideLine, ...]:
    """What waits for a member beside the cases; one query at most once a minute."""
    home = f"desk/{member.community.id}"
    return (*_findings(member, home, words), *_held(member, home, words), *_stewards(member, home, words))


def _findings(member: Member, home: str, words: Words) -> Iterator[BesideLine]:
    found = wiring.desk().directory.beside.of(member.community.id).findings
    asked = [(waits, ask) for waits in found if (ask := asked_of(waits, member))]
    asked.sort(key=lambda pair: (list(FindingAsk).index(pair[1]), pair[0].number))
    for waits, ask in asked[:MOST_FINDINGS]:
        page = "my-record" if ask is FindingAsk.READ else "findings"
        said = words(f"staff_record.asks_{ask}", person=_name(waits, member), number=waits.number)
        yield BesideLine(said, f"{home}/{page}#f-{waits.id}", words(ACTS[ask]))
    left = asked[MOST_FINDINGS:]
    if left:
        page = "my-record" if left[-1][1] is FindingAsk.READ else "findings"
        said = words("staff_record.more_asked", count=len(left))
        yield BesideLine(said, f"{home}/{page}", words("staff_record.show"))


def _name(waits: OpenFinding, member: Member) -> str:
    person = member.community.person(waits.about)
    return person.name if person else waits.about


def _held(member: Member, home: str, words: Words) -> Iterator[BesideLine]:
    count = waiting_for(wiring.desk(), member)
    if count:
        said = words("held.wait_many" if count >= MOST_HELD else "held.wait", count=count)
        yield BesideLine(said, f"{home}/held", words("held.look"))


def _stewards(member: Member, home: str, words: Words) -> Iterator[BesideLine]:
    """What the manager has not set yet."""
    missing = missing_stewards(wiring.desk(), member.community) if member.role is Role.MANAGER else ()
    if missing:
        buildings = words.listed(missing[:MOST_NAMED])
        said = words("steward.missing_said", count=len(missing), buildings=buildings)
        yield BesideLine(said, f"{home}/stewards", words("steward.set"), late=True)
