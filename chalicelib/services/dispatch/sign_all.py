"""Several cases signed for at once, each by itself (B2, B9)."""

from collections.abc import Iterable

from chalicelib.domain.community.community import Member
from chalicelib.domain.dispatch.forms import SignForm
from chalicelib.domain.errors import DomainError
from chalicelib.services.access.authorization import asked, no_case
from chalicelib.services.desk import Desk
from chalicelib.services.dispatch.together import PATIENCE, CarryOut, Result, Step, picked

SIGN = "sign"


def sign_all(
    desk: Desk, member: Member, numbers: Iterable[str], key: str, carry_out: CarryOut
) -> tuple[Result, ...]:
    """Sign for each of these cases in the member's name; what became of each.

    One that refuses holds no other up, and under the same key none is signed for twice. What no time was left
    for was not begun.
    """
    until = desk.now() + PATIENCE
    return tuple(
        _signed(desk, member, found, key, carry_out)
        if desk.now() < until
        else Result(found.number, found.case, begun=False)
        for found in picked(desk, member, numbers)
    )


def _signed(desk: Desk, member: Member, found: Result, key: str, carry_out: CarryOut) -> Result:
    if found.case is None:
        return Result(found.number, None, (Step(SIGN, no_case(found.number)),))
    command = asked(SIGN, member.actor(), desk.now(), key, SignForm(member.name))
    try:
        return Result(found.number, carry_out(found.case, command), (Step(SIGN),))
    except DomainError as error:
        return Result(found.number, found.case, (Step(SIGN, error),))
