"""`python -m infra restore STAGE INSTANT`: tables of that instant, mended, and what was lost; then the
switch."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.deploy import CAPABILITIES
from infra.operating import Stage, desk_for, looked_after, stage_of
from infra.problems import CannotGoOnError
from infra.restoring import KINDS, LOST, Lost, carry_over, compare, instant_of, raise_counters, restore_tables

if TYPE_CHECKING:
    from chalicelib.services.desk import Desk

Say = Callable[[str], None]

MOST_NAMED = 50
"""Lost cases that are named; of more, the rest is a number."""


def restore(stage: str, given: str, *, switch: bool, say: Say = print) -> int:
    """Restores a stage to an instant, and says what was lost.

    Without `switch` the desk goes on with the tables that it has, so that one can look first; the same
    command again, with it, goes on from there.
    """
    at = instant_of(given, datetime.now(UTC))
    desk = stage_of(stage)
    dynamodb = desk.connect("dynamodb")
    used = {kind: desk.outputs[f"{kind}TableName"] for kind in KINDS}
    made = restore_tables(dynamodb, f"suda-{stage}", used, at, say)
    lost = compare(dynamodb, used, made)
    tell(lost, at, say)
    carry_over(dynamodb, used, made, lost)
    os.environ.update({f"{kind.upper()}_TABLE": name for kind, name in made.items()})
    mend(desk_for(desk.outputs["SecretId"]), lost, at, say)
    if not switch:
        say(f"The desk still works on {used['Cases']} and its like: the same with --switch goes over.")
        return 0
    use(desk, f"suda-{stage}", made, say)
    later = compare(dynamodb, used, made)
    raise_counters(dynamodb, made, later)
    mend(desk_for(desk.outputs["SecretId"]), later, at, say)
    _, said = looked_after(desk.connect("lambda"), desk.outputs["ReconcileFunction"], "operator")
    say(said)
    say(f"The desk is as it was at {at:%Y-%m-%d %H:%M:%S} UTC. What it lost is still in {used['Cases']}.")
    return 0


def tell(lost: Lost, at: datetime, say: Say) -> None:
    """Says what came after the instant and is in none of the new tables."""
    say(f"After {at:%Y-%m-%d %H:%M:%S} UTC came, and is lost with this instant:")
    say(f"  {len(lost.cases)} cases{':' if lost.cases else ''}")
    for community, number in lost.cases[:MOST_NAMED]:
        say(f"    {community} {number}")
    if len(lost.cases) > MOST_NAMED:
        say(f"    … and {len(lost.cases) - MOST_NAMED} more")
    say(f"  {sum(lost.events.values())} events of {len(lost.events)} other cases")
    for (community, number), events in sorted(lost.events.items())[:MOST_NAMED]:
        say(f"    {community} {number}: {events}")
    say(f"  {lost.directory} rows of the directory: write the file again if that is not 0")


def mend(desk: "Desk", lost: Lost, at: datetime, say: Say) -> None:
    """Explains the numbers without a case, and counts the figures of every month again."""
    from chalicelib.services.figures.recount import mend as mend_figures
    from chalicelib.services.figures.recount import recount_month
    from chalicelib.services.serials import Void

    for community, number in lost.cases:
        desk.cases.record_void(community, Void(number, f"{LOST} to {at.isoformat()}", desk.now()))
    differing = 0
    for community, month in sorted(lost.issued):
        found = recount_month(desk.cases, desk.figures, community, month)
        mend_figures(desk.figures, community, month, found)
        differing += len(found.differences)
    say(f"The figures of {len(lost.issued)} months were counted again; {differing} counters differed.")


def use(desk: Stage, stack: str, made: Mapping[str, str], say: Say) -> None:
    """Has the stack work on other tables: an update of its parameters, with the template that it has."""
    cloudformation: Any = desk.connect("cloudformation")
    described = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    stream = desk.connect("dynamodb").describe_table(TableName=made["Cases"])["Table"]["LatestStreamArn"]
    new = {f"Restored{kind}": name for kind, name in made.items()} | {"RestoredCasesStream": stream}
    known = [parameter["ParameterKey"] for parameter in described["Parameters"]]
    if missing := sorted(set(new) - set(known)):
        raise CannotGoOnError(
            f"The stack has no {', '.join(missing)}: its release cannot change tables. Deploy this one first."
        )
    say("Telling the stack to use them …")
    cloudformation.update_stack(
        StackName=stack,
        UsePreviousTemplate=True,
        Capabilities=CAPABILITIES,
        Parameters=[
            {"ParameterKey": key, "ParameterValue": new[key]}
            if key in new
            else {"ParameterKey": key, "UsePreviousValue": True}
            for key in known
        ],
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack)
