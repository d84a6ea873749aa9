"""What a caller hears of the own cases: the number digit by digit, and how it stands (A1)."""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.catalogue import Catalogue
from chalicelib.services.desk import Desk
from chalicelib.services.intake.calls import case_of, open_cases_of


class SpokenCase(Struct, frozen=True):
    """A case as it is read out: its number, the same in single digits, its state, and a sentence."""

    number: str
    spoken: str
    state: str
    say: str


def digits(number: str) -> str:
    """A number as it is read out, digit by digit: `2 0 2 6 1 1, 0 0 0 1` for 202611-0001."""
    return ", ".join(" ".join(part) for part in number.split("-"))


def spoken_case(desk: Desk, case: Case, words: Catalogue) -> SpokenCase:
    """How a case stands, for the phone that it was reported from: no name, no unit, nothing that was said."""
    spoken, state = digits(case.number), words(f"call_states.{case.state}")
    due = case.clocks.solve_due_at
    if due is None or case.state not in OPEN or case.work.completed_at is not None:
        return SpokenCase(case.number, spoken, case.state, words("call.stands", number=spoken, state=state))
    local = due.astimezone(desk.context_of(case).zone)
    by = words.dated("receipt.moment", local.date(), f"{local:%H:%M}")
    say = words("call.stands_until", number=spoken, state=state, by=by)
    return SpokenCase(case.number, spoken, case.state, say)


def asked_cases(
    desk: Desk, community: str, phone: str | None, number: str | None, words: Catalogue
) -> tuple[SpokenCase, ...]:
    """The cases that a caller asks for: that of a number they keyed in, else their open ones."""
    found: Iterable[Case]
    if number is not None:
        case = case_of(desk, community, number, phone)
        found = (case,) if case else ()
    else:
        found = open_cases_of(desk, community, phone) if phone else ()
    return tuple(spoken_case(desk, case, words) for case in found)
