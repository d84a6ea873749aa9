"""`python -m infra households`: a household register from a file, for operators (E9)."""

from pathlib import Path

from chalicelib.domain.community.households import how_many_wrong
from chalicelib.http.household_lines import read_sheet
from chalicelib.services.desk import Desk
from infra.problems import CannotGoOnError
from infra.sheet_remarks import say_remarks

OPERATOR = "operator"


def load_households(desk: Desk, community_id: str, file: Path, *, load: bool, removes: bool) -> int:
    """Says line by line what is wrong with a file; loads it if it is right and that is asked for.

    Returns 0 if it is right, 1 if not; nothing is loaded then.
    """
    from chalicelib.services.household_port import Load
    from chalicelib.services.households.loading import carried_out, compared

    place = desk.directory.community(community_id)
    try:
        data = file.read_bytes()
    except OSError as err:
        raise CannotGoOnError(f"{file} cannot be read: {err.strerror}.") from err
    read = read_sheet(data, place)
    beside = compared(desk, place, read)
    say_remarks((*read.remarks, *beside.remarks), "households_wrong")
    if wrong := how_many_wrong(read.remarks):
        print(f"{wrong} lines are wrong: nothing was loaded.")
        return 1
    found = beside.told(read, Load("", OPERATOR, desk.now(), "checking"))
    print(
        f"{found.units} units, {found.people} people: {found.new} units are new, {found.changed - found.new} "
        f"differ, {found.missing} of the register are not in the file."
    )
    if load:
        carried_out(desk, place, beside, removes=removes)
        print("The register is as the file says." if removes else "Loaded; what the file lacks stays.")
    else:
        print("Nothing was loaded; add --load.")
    return 0
