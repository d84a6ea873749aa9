"""Cases changed by hand, where no story leads to what a test needs."""

from typing import Any

from msgspec.structs import fields, replace

from chalicelib.domain.case.case import Case

PARTS = ("assignment", "clocks", "work", "follow_up", "ending", "tally", "report_duty", "telling")


def with_fields(case: Case, **values: Any) -> Case:
    """The case with other values in its fields, in whatever part: `with_fields(case, plan=None, round=2)`.

    A name that two parts have (`link_version`) is meant of the first.
    """
    for name, value in values.items():
        if name in Case.__struct_fields__:
            case = replace(case, **{name: value})
            continue
        part = next(part for part in PARTS if name in {field.name for field in fields(getattr(case, part))})
        case = replace(case, **{part: replace(getattr(case, part), **{name: value})})
    return case
