"""Remedy and prevention on pages and sheets, a line each (B12)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.measures import Measure
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.web.formats import day_name, short
from chalicelib.web.words import Words


def measures_said(case: Case, context: Context, words: Words) -> str:
    """The measures of a case, a line each; empty if there are none."""
    return "\n".join(_line(measure, case.zone, context, words) for measure in case.measures)


def _line(measure: Measure, zone: str, context: Context, words: Words) -> str:
    said = words(
        "measure_said.line",
        nth=measure.nth,
        sort=words.name("measure_sorts", measure.sort),
        text=measure.text,
        owner=name_of(measure.owner, context),
        day=day_name(measure.due_on, words),
    )
    if measure.done_at is None:
        return words("measure_said.late" if measure.chased else "measure_said.open", line=said)
    return words("measure_said.done", line=said, at=short(measure.done_at, zone, words))
