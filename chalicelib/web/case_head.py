"""The head of a case's page for staff: what is late, what is due next, and why an act is not possible."""

from typing import Any

from chalicelib import wiring
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import why_kept_out
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.lifecycle import TABLE
from chalicelib.services.views.staff_view import CaseView
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import command_on, late_clocks
from chalicelib.web.form_submit import why_not
from chalicelib.web.words import Words
from chalicelib.web.work_lines import by_when

OF_NOBODY = frozenset({Role.RESIDENT, Role.MACHINE, Role.SYSTEM})
"""Roles that nobody can be asked for."""


def case_head(
    view: CaseView, case: Case, member: Member, context: Context, act: str | None, words: Words
) -> dict[str, Any]:
    """What the first screen says beside the state: what is late, what comes next, and of the `act`."""
    return {
        "late": late_clocks(view.overdue_clocks, words),
        "act": act,
        "impossible": _why_impossible(act, view, case, member, context, words),
        **by_when(case, context, wiring.desk().now(), words),
    }


def _why_impossible(
    act: str | None, view: CaseView, case: Case, member: Member, context: Context, words: Words
) -> str:
    """Why the act of the address cannot be given now: the state, whose it is, or what is in the way.

    Empty where it can be, and for what is no command.
    """
    if act is None or act not in TABLE or act in view.commands:
        return ""
    row, actor, said = TABLE[act], member.actor(), list[str]()
    if case.state not in row.sources:
        what = {
            "command": command_on(act, case, words),
            "state": state_name(case.state, case.classification.matter, words),
        }
        said.append(words("errors.CommandRefused", **what))
    if member.role not in row.roles:
        roles = words.listed(words.role(role) for role in Role if role in row.roles - OF_NOBODY)
        said.append(words("page.whose_act", command=command_on(act, case, words), roles=roles))
    if not said:
        error = why_kept_out(case, actor, context, row.roles)
        error = error or row.guard(case, actor, context, wiring.desk().now())
        said += [why_not(error, case, act, words)] if error else []
    return words("page.between_sentences").join(said)
