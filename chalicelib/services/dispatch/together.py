"""Several cases handed to somebody at once: what would become of each, and what did (B2, B3, A8).

Each case is asked by itself, by the commands of the transition table, so one that refuses holds no other up.
What would become of a case is decided by the rule that carries it out, and not written.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.case.who_sees import may_see
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import STAFF_ROLES
from chalicelib.domain.decide import decide
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import DomainError, InvalidInputError
from chalicelib.domain.intake.forms import ClassifyForm
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.notices.wording_told import check_told
from chalicelib.services.access.authorization import asked, no_case
from chalicelib.services.desk import Desk

ASSIGNERS = TABLE["assign"].roles & STAFF_ROLES
"""Who hands cases to somebody; the list has boxes to tick for them."""

MOST_AT_ONCE = 50
"""So many cases at once: a page of a list."""

PATIENCE = timedelta(seconds=15)
"""How long cases are begun; a request has 29 s. The rest are done by sending the same again."""

CarryOut = Callable[[Case, Command[object]], Case]
"""What carries a person's command out (services/intake/merged.py)."""


class Wish(Struct, frozen=True):
    """What is wanted of each case, and why: another handler (of a department), another urgency, or both."""

    reason: str
    handler: str | None = None
    department: str | None = None
    urgency: str | None = None

    def forms(self) -> tuple[tuple[str, object], ...]:
        """The commands that it comes to, in their order; InvalidInputError if it is for nothing."""
        if self.handler is None and (self.urgency is None or self.department is not None):
            raise InvalidInputError("Say who gets the cases, or how urgent they are.", "nothing_wished")
        urgency = [("classify", ClassifyForm(self.reason, urgency=self.urgency))] if self.urgency else []
        handler = [("assign", AssignForm(self.handler, self.reason, self.department))] if self.handler else []
        return (*urgency, *handler)


class Step(Struct, frozen=True):
    """One command on one case: done (or it would be), or why it was refused."""

    command: str
    refused: DomainError | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the case is as it is wanted already, which is no refusal."""
        return self.refused is not None and self.refused.reason == "nothing_to_correct"


class Result(Struct, frozen=True):
    """What became of one case, or would; `case` is as it stands, None where the member sees none.

    `begun`: nothing was tried of one that is not, for time had run out.
    """

    number: str
    case: Case | None
    steps: tuple[Step, ...] = ()
    begun: bool = True

    @property
    def well(self) -> bool:
        """Whether it came to something, and nothing was refused."""
        asked = [step.refused for step in self.steps if not step.unchanged]
        return self.begun and bool(asked) and not any(asked)


def doubts(desk: Desk, result: Result, wish: Wish) -> tuple[str, ...]:
    """What speaks against the handler of a wish without forbidding it: `off_duty`, `other_department`."""
    if (
        result.case is None
        or not wish.handler
        or any(step.refused and not step.unchanged for step in result.steps)
    ):
        return ()
    community = desk.context_of(result.case).community
    person = community.member(wish.handler)
    department = wish.department or result.case.classification.department
    found = (
        ("off_duty", community.is_off_duty(wish.handler, desk.now())),
        ("other_department", person is not None and department not in person.departments),
    )
    return tuple(name for name, holds in found if holds)


def picked(desk: Desk, member: Member, numbers: Iterable[str]) -> tuple[Result, ...]:
    """The cases of some numbers, each once, as the member may see them; one read for fifty of them."""
    wanted = tuple(dict.fromkeys(numbers))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        raise InvalidInputError(f"Pick 1 to {MOST_AT_ONCE} cases.", "nothing_picked")
    known = [number for number in wanted if number.isascii() and NUMBER.fullmatch(number)]
    cases = {number: case for number, (case, _) in desk.cases.several(member.community.id, known).items()}
    visible = {number: case for number, case in cases.items() if may_see(member, case)}
    return tuple(Result(number, visible.get(number)) for number in wanted)


def foreseen(desk: Desk, member: Member, numbers: Iterable[str], wish: Wish) -> tuple[Result, ...]:
    """What would become of each case now; nothing is written."""

    def tried(case: Case, command: Command[object]) -> Case:
        outcome = decide(case, command, desk.context_of(case))
        check_told(outcome.events, desk.unwanted_in(member.community))
        return outcome.after

    return tuple(_result(desk, member, found, wish, None, tried) for found in picked(desk, member, numbers))


def hand_over(
    desk: Desk, member: Member, numbers: Iterable[str], wish: Wish, key: str, carry_out: CarryOut
) -> tuple[Result, ...]:
    """Do it, and say what became of each case; under the same key nothing is done twice."""
    until = desk.now() + PATIENCE
    found = picked(desk, member, numbers)
    return tuple(
        _result(desk, member, result, wish, key, carry_out)
        if _in_time(desk, until)
        else Result(result.number, result.case, begun=False)
        for result in found
    )


def _in_time(desk: Desk, until: datetime) -> bool:
    return desk.now() < until


def _result(
    desk: Desk, member: Member, found: Result, wish: Wish, key: str | None, carry_out: CarryOut
) -> Result:
    """The commands of a wish on one case, one after the other; what comes after a refusal is tried too.

    Without a key nothing is written.
    """
    case, steps = found.case, []
    if case is None:
        return Result(found.number, None, (Step("assign", no_case(found.number)),))
    for name, form in wish.forms():
        try:
            case = carry_out(case, asked(name, member.actor(), desk.now(), key, form))
        except DomainError as error:
            steps.append(Step(name, error))
        else:
            steps.append(Step(name))
    return Result(found.number, found.case if key is None else case, tuple(steps))
