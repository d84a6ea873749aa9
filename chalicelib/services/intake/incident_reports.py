"""What follows for the reports of an incident: they join, hear of it, are solved by it, or leave (A16, G10).

Called by the relay after a person's command; reads what is, so order and repeats don't matter. Nothing is
written on the case that leads, however many join it.
"""

from collections.abc import Iterator

from msgspec import Struct

from chalicelib.domain.case.about import NOBODY
from chalicelib.domain.case.case import IN_DISPATCH, Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.events import ResultShared
from chalicelib.domain.case.form_fields import NoteForm
from chalicelib.domain.community.roles import TIMER
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.intake.forms import ShareForm
from chalicelib.domain.intake.masking import masked
from chalicelib.domain.intake.same_incident import (
    LEAVE,
    SOLVE,
    SURVEYED_ONE_IN,
    JoinIncidentForm,
    SolvedForm,
    owed_to,
)
from chalicelib.services.desk import Desk
from chalicelib.services.paging import open_lines
from chalicelib.services.records import CaseLine

NOT_BEGUN = frozenset({State.REGISTERED, State.ASSIGNED})
"""The states in which nobody has signed, so that a report joins by itself."""


class Joined(Struct, frozen=True):
    """The reports of incidents. What it changes, it names, so that their workflows can follow."""

    desk: Desk

    def follow(self, case: Case) -> Iterator[str]:
        """Do what a case owes its reports, or is owed as one; the numbers of the cases that changed."""
        if case.incident is not None:
            yield from self._follow_leader(case)
        elif case.is_joined:
            leader = self.desk.cases.get(case.community, case.ending.merged_into or "")
            yield from self._give_owed(case, leader, asked=False, twice=False)
        else:
            yield from self._join_if_sure(case)

    def _join_if_sure(self, case: Case) -> Iterator[str]:
        """Join what was reported while the incident was being opened; what a person has decided on stays."""
        if case.state not in NOT_BEGUN or case.joined or case.offered or case.ending.left or case.round > 1:
            return
        known = self.desk.leading.known(case, self.desk.context_of(case))
        if known is not None and known.sure:
            yield from self._give(case, "join_incident", JoinIncidentForm(known.leader.number))

    def _follow_leader(self, leader: Case) -> Iterator[str]:
        self.desk.leading.show(leader)
        if leader.leads:
            for line in tuple(self._alike(leader)):
                yield from self._join_if_sure(self.desk.cases.get(leader.community, line.number))
        incident, at_work = leader.incident, leader.state in IN_DISPATCH and leader.round == 1
        if incident is None or (
            at_work and incident.told == 1 and not incident.dissolved and leader.about == NOBODY
        ):
            return
        told = {self.desk.key_of_resident(leader)} - {None}
        for place, number in enumerate(self.desk.cases.joined(leader.community, leader.number)):
            case = self.desk.cases.get(leader.community, number)
            resident = self.desk.key_of_resident(case)
            twice = resident in told
            asked = place % SURVEYED_ONE_IN == 0 and not twice
            yield from self._give_owed(case, leader, asked=asked, twice=twice)
            told |= {resident} - {None}

    def _alike(self, leader: Case) -> Iterator[CaseLine]:
        """The open cases of the same matter; nobody has begun to work on them."""
        matter = leader.incident.matter if leader.incident else ""
        for line in open_lines(self.desk.cases, leader.community):
            if line.number != leader.number and line.matter == matter and line.state in NOT_BEGUN:
                yield line

    def _give_owed(self, case: Case, leader: Case, *, asked: bool, twice: bool) -> Iterator[str]:
        """Let a joined case have what the one that leads owes it, if anything.

        `asked`: the resident is among those who are asked how the work was; `twice`: another case of theirs
        tells them.
        """
        owed = owed_to(case, leader)
        if owed == LEAVE:
            yield from self._give(case, "leave_incident", NoteForm())
        elif owed == SOLVE:
            result = masked(leader.work.result or "", leader.report)
            yield from self._give(case, "solve_joined", SolvedForm(leader.number, result, asked, twice))
        elif isinstance(owed, ResultShared):
            form = ShareForm(owed.into, owed.in_round, owed.outcome, owed.news, twice)
            yield from self._give(case, "share_result", form)

    def _give(self, case: Case, name: str, form: object) -> Iterator[str]:
        command = Command(name, TIMER, self.desk.now(), f"{name}#{case.number}", form)
        try:
            self.desk.carry_out(case, command)
        except CommandRefusedError:  # it has moved on
            return
        yield case.number
