"""How a caller's open cases stand, read out: number, state and promised time, and nothing that names anybody.

A number that calls can be made up, so whoever hears this may be somebody else.
"""

from chalicelib.channels.voice_line import Line
from chalicelib.channels.voice_turn import spelled
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.intake.calls import open_cases_of


def status_read_out(line: Line) -> tuple[tuple[str, ...], bool]:
    """What is said of the caller's open cases, and whether there is any."""
    phone = line.shown_phone
    cases = open_cases_of(line.desk, line.context.community.id, phone) if phone else ()
    if not cases:
        return (line.say("nothing_open"),), False
    return tuple(sentence for case in cases for sentence in _sentences(line, case)), True


def _sentences(line: Line, case: Case) -> tuple[str, ...]:
    pages = line.words.pages(line.turn.language)
    unsorted = case.state is State.REGISTERED and case.classification.matter == UNSORTED
    state = pages["track"]["state_unsorted"] if unsorted else pages["states"][case.state]
    month, _, serial = case.number.partition("-")
    number = line.catalogue("voice.between_numbers").join((spelled(month), spelled(serial)))
    stands = line.say("case_stands", number=number, state=state)
    deadline = case.clocks.deadlines.get(Clock.SOLVE)
    if deadline is None:
        return (stands,)
    local = deadline.due_at.astimezone(line.context.zone)
    until = line.catalogue.dated("receipt.moment", local.date(), f"{local:%H:%M}")
    late = deadline.due_at < line.desk.now() and case.work.completed_at is None
    return stands, line.say("case_late" if late else "case_until", until=until)
