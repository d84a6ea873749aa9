"""What a caller hears of the own cases, whatever exchange they call through: number and standing (A1).

A number that calls can be made up, so whoever hears this may be somebody else: nothing that names anybody is
read out, no unit, and nothing that was said.
"""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.domain.case.case import OPEN, Case, State
from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.domain.work.signers import waiting_result
from chalicelib.services.desk import Desk
from chalicelib.services.intake.calls import case_of, open_cases_of


class SpokenCase(Struct, frozen=True):
    """A case as it is read out: its number, the same in single digits, its state, and a sentence."""

    number: str
    spoken: str
    state: str
    say: str


def spelled(digits: str) -> str:
    """Digits one by one, so that a voice reads them so."""
    return " ".join(digits)


def spoken_number(number: str, words: Catalogue) -> str:
    """A case's number as it is read out, digit by digit: `2 0 2 6 1 1, 0 0 0 1` for 202611-0001."""
    return words("voice.between_numbers").join(spelled(part) for part in number.split("-"))


def spoken_phone(phone: str) -> str:
    """A stored phone number as it is read out: without the country of most callers."""
    return spelled(phone.partition(";")[0].removeprefix("+86").removeprefix("+"))


def spoken_case(desk: Desk, case: Case, words: Catalogue) -> SpokenCase:
    """How a case stands: its state, and the promised time while that is still to come, or is over."""
    unsorted = case.state is State.REGISTERED and case.classification.matter == UNSORTED
    spoken = spoken_number(case.number, words)
    said = {
        "number": spoken,
        "state": words("call_states.unsorted" if unsorted else f"call_states.{case.state}"),
    }
    due = case.clocks.solve_due_at
    ended = case.state not in OPEN or case.work.completed_at is not None
    if due is None or ended or waiting_result(case) is not None:  # neither done nor late before it is signed
        return SpokenCase(case.number, spoken, case.state, words("voice.case_stands", **said))
    local = due.astimezone(desk.context_of(case).zone)
    until = words(
        "voice.moment",
        month=words.name("spoken_months", str(local.month)),
        day=str(local.day),
        time=f"{local:%H:%M}",
    )
    key = "voice.case_late" if due < desk.now() else "voice.case_until"
    return SpokenCase(case.number, spoken, case.state, words(key, until=until, **said))


def closed_line(community: Community, words: Catalogue) -> str:
    """What a caller hears whose community takes no new report: whom to turn to."""
    phone = community.phone and spelled("".join(filter(str.isdecimal, community.phone)))
    whom = community.instead or (
        words("voice.closed_phone", phone=phone) if phone else words("voice.closed_desk")
    )
    return words("voice.closed", community=community.name, whom=whom)


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
