"""The written report of a case as it was filed (B6)."""

from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case


class FiledReport(Struct, frozen=True):
    """The written report as it was filed, with the resident's `original` words (B6)."""

    filed_at: datetime
    filed_by: str
    course: str
    cause: str
    measures: str
    next_steps: str
    original: str | None


def filed_report(case: Case) -> FiledReport | None:
    """The report that was filed last; None if there is none."""
    filed = case.report_duty.last
    if filed is None:
        return None
    steps = (filed.course, filed.cause, filed.measures, filed.next_steps)
    return FiledReport(filed.filed_at, filed.filed_by, *steps, original=case.report.text)
