"""A case as a row of a list: its line, and who reported it as far as the reader may know (E8)."""

from collections.abc import Sequence

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.who_sees import sees_contact
from chalicelib.domain.community.community import Member
from chalicelib.domain.intake.masking import HIDDEN_UNIT
from chalicelib.domain.work.borne import Borne, borne_by
from chalicelib.services.desk import Desk
from chalicelib.services.records import CaseLine
from chalicelib.services.views.shown import masked_case


class Row(Struct, frozen=True):
    """A row of a list or of what was found.

    `unit`, `name` and `phone` are as the reader sees them on the case; masked or empty where they don't need
    to know. `payer` and `materials` say who pays for a repair, why, and what of the company's was used;
    `borne` what it costs who pays, where that is not the resident.
    """

    line: CaseLine
    unit: str
    name: str
    phone: str | None
    masked: bool
    payer: ev.PayerFound | None = None
    materials: tuple[str, ...] = ()
    borne: Borne | None = None


def as_read(member: Member, case: Case) -> Case:
    """The case as the member reads it: whole, or without who reported it."""
    return case if sees_contact(member, case) else masked_case(case)


def row_of(member: Member, case: Case, line: CaseLine) -> Row:
    """The row of a case that the member may see."""
    read = as_read(member, case)
    report = read.report
    unit = "" if report.unit == HIDDEN_UNIT else report.unit or ""
    return Row(
        line,
        unit,
        report.resident_name or "",
        report.phone,
        masked=read is not case,
        payer=case.payer,
        materials=tuple(
            f"{used.what} {used.amount}".strip() for used in case.order.materials if not used.residents
        ),
        borne=next(
            (borne for borne in borne_by(case) if case.payer and borne.party == case.payer.payer), None
        ),
    )


def rows_of(
    desk: Desk, member: Member, lines: Sequence[CaseLine], known: dict[str, Row] | None = None
) -> tuple[Row, ...]:
    """The rows of lines that the member may see; one call for fifty of them.

    What is `known` by its number is not read again, and what is read is known afterwards.
    """
    known = {} if known is None else known
    unread = [line for line in lines if line.number not in known]
    cases = desk.cases.several(lines[0].community, [line.number for line in unread]) if unread else {}
    read = [line for line in unread if line.number in cases]
    known.update({line.number: row_of(member, cases[line.number][0], line) for line in read})
    return tuple(known[line.number] for line in lines if line.number in known)
