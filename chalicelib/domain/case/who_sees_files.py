"""Who may see which file of a case (A3, E8, G13): the one place that decides."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.files import ERASED_WITH, SHOWS_THE_WORK, WITH_A_NAME, File, to_resident
from chalicelib.domain.case.links import OF_STAFF, Purpose
from chalicelib.domain.case.who_sees import is_phone_on_work_link, may_see, sees_contact
from chalicelib.domain.community.community import Member

VOICES = frozenset({"voice", "video"})
"""Sorts of files in which somebody speaks, and so says who they are."""


def files_of(case: Case) -> tuple[File, ...]:
    """The files of a case; none once its personal data are gone."""
    return () if ERASED_WITH & set(case.erased) else case.files


def sees_file(member: Member, case: Case, file: File, sort: str | None, *, revealed: bool = False) -> bool:
    """Whether a member sees a file: of a case that they may see, what does not tell who reported it.

    A resident's voice does, for whoever does not see that (E8), and so does their signature. Where the
    resident is shielded everything may, but what shows the work before and after. `revealed`: they have said
    why they have to know.
    """
    if not may_see(member, case):
        return False
    if revealed or file.stage in SHOWS_THE_WORK:
        return True
    if file.stage in WITH_A_NAME:
        return sees_contact(member, case)
    if case.report.shielded:
        return False
    return sees_contact(member, case) if file.is_residents and sort in VOICES else True


def shows_on_link(purpose: Purpose, case: Case, file: File, sort: str | None) -> bool:
    """Whether a link shows a file: the resident's what is theirs to see, a handler's what helps the work."""
    if purpose not in OF_STAFF:
        return to_resident(file)
    if file.stage in WITH_A_NAME:
        return is_phone_on_work_link(case) and not case.report.shielded
    if case.report.shielded:
        return file.stage in SHOWS_THE_WORK
    return is_phone_on_work_link(case) if file.is_residents and sort in VOICES else True
