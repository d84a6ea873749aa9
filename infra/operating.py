"""What operators do to a desk from their own machine.

Write its directory, look for what was lost, count a month again, run it under another regulation.

The desk is a stack: `suda-staging` or `suda-production` in the account that the environment names, or the
local desk, which must be running.
"""

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from chalicelib.domain.errors import CommandRefusedError
from infra.accounts import Accounts
from infra.directory_file import read_directory
from infra.local.cloud import cloud_of_the_running_desk
from infra.problems import CannotGoOnError
from infra.what_if_table import table_of

if TYPE_CHECKING:
    from chalicelib.services.desk import Desk

Say = Callable[[str], None]
EVERY = 100
"""After how many cases the command says how far it is."""


@dataclass(frozen=True)
class Stage:
    """A deployed desk: its stack's outputs, and boto3's clients for its account."""

    connect: Callable[[str], Any]
    outputs: Mapping[str, str]


def stage_of(stage: str) -> Stage:
    """The stack of a stage. From then on this process's tables are those of the stack.

    Raises:
        CannotGoOnError: There is no such stack, or no local desk is running.
    """
    connect: Callable[[str], Any] = _patient_client
    if stage == "local":
        cloud = cloud_of_the_running_desk()
        os.environ.update(cloud.credentials())
        connect = cloud.client
    cloudformation = connect("cloudformation")
    try:
        stack = cloudformation.describe_stacks(StackName=f"suda-{stage}")["Stacks"][0]
    except cloudformation.exceptions.ClientError as err:
        raise CannotGoOnError(f"There is no stack suda-{stage} here: {err}.") from err
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    for table in ("Cases", "Directory", "Figures", "Links"):
        os.environ[f"{table.upper()}_TABLE"] = outputs[f"{table}TableName"]
    os.environ["RECORDINGS_BUCKET"] = outputs.get("RecordingsBucket", "")
    return Stage(connect, outputs)


def _patient_client(service: str) -> Any:
    """A client that waits as long as Lambda runs, and never calls twice."""
    connect: Any = boto3.client
    return connect(service, config=Config(read_timeout=300, retries={"total_max_attempts": 1}))


def desk_of(stage: str) -> "Desk":
    """The desk of a stage, for one process; CannotGoOnError as `stage_of`."""
    return desk_for(stage_of(stage).outputs["SecretId"])


def write_directory(
    stage: str, file: Path, reset: Collection[str] = (), say: Say = print, *, staff_of_file: bool = False
) -> int:
    """Write the communities of a file into the directory.

    Accounts are made too, and their first passwords told.

    Args:
        reset: Usernames that get a first password anew; they have to be in the file.
        staff_of_file: The file's word counts for those too whom the desk has added or changed.

    Raises:
        CannotGoOnError: Something in the file cannot be; nothing has been written then.
    """
    written = read_directory(file)
    named = {
        member.username for community in written.communities for member in community.staff if member.active
    }
    if unknown := sorted(set(reset) - named):
        raise CannotGoOnError(f"{', '.join(unknown)} cannot get a password: nobody active of that name.")
    at = stage_of(stage)
    from infra.directory import write_accounts, write_communities  # here: it needs the tables' names

    try:
        left_alone = write_communities(written.communities, staff_of_file=staff_of_file)
    except CommandRefusedError as err:
        raise CannotGoOnError(str(err)) from err
    accounts = Accounts(at.connect("cognito-idp"), at.outputs["UserPoolId"])
    issued = write_accounts(written.communities, accounts, written.password, reset)
    say(f"The directory is as {file} says (communities: {len(written.communities)}, accounts: {len(named)}).")
    for sentence in left_alone:
        say(sentence)
    if issued:
        say("First passwords, told only now:")
        for username, password in issued.items():
            say(f"  {username}  {password}")
    return 0


def reconcile(stage: str, say: Say = print) -> int:
    """Have every open case looked after, and say what was found.

    1 if something could not be mended.
    """
    at = stage_of(stage)
    mended, said = looked_after(at.connect("lambda"), at.outputs["ReconcileFunction"], "operator")
    say(said)
    return 0 if mended else 1


def forget(stage: str, say: Say = print) -> int:
    """Have personal data erased whose time is over, until all of it is; 1 if some could not be (G24)."""
    at = stage_of(stage)
    while True:
        asked = json.dumps({"started_by": "night"}).encode()
        answer = at.connect("lambda").invoke(FunctionName=at.outputs["ReconcileFunction"], Payload=asked)
        found = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            say(f"Not all could be erased: {found.get('errorMessage')}")
            return 1
        say(", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in found.items()))
        if not (found.get("broke_off") and found.get("erased")):
            return 0


def looked_after(functions: Any, function: str, started_by: str) -> tuple[bool, str]:
    """Calls the sweep; whether all could be mended, and what it found, in a sentence."""
    asked = json.dumps({"started_by": started_by}).encode()
    answer = functions.invoke(FunctionName=function, Payload=asked)
    found = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        why = found.get("errorMessage")
        return False, f"Not all that was open is looked after, the sweep will try again: {why}"
    counts = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in found.items())
    return True, f"What was open has been looked after ({counts})."


def desk_for(secret_id: str) -> "Desk":
    """The desk over the tables that the environment names now; only the first call in a process looks."""
    from chalicelib.adapters.bucket import S3Files, S3Recordings  # here: the models need the tables' names
    from chalicelib.adapters.calendars import CommunityCalendars
    from chalicelib.adapters.codes import codes_from_secret
    from chalicelib.adapters.dynamo.cases import DynamoCases
    from chalicelib.adapters.dynamo.directory import DynamoDirectory
    from chalicelib.adapters.dynamo.figures import DynamoFigures
    from chalicelib.adapters.dynamo.households import DynamoHouseholds
    from chalicelib.adapters.dynamo.links import DynamoLinks
    from chalicelib.adapters.dynamo.looks import DynamoLooks
    from chalicelib.adapters.dynamo.people import DynamoPeople
    from chalicelib.adapters.dynamo.search import DynamoSearch
    from chalicelib.adapters.regulation_files import RegulationFiles
    from chalicelib.services.desk import Desk

    def now() -> datetime:
        return datetime.now(UTC)

    bucket = os.environ.get("RECORDINGS_BUCKET", "")
    return Desk(
        DynamoCases(now),
        DynamoDirectory(),
        DynamoFigures(),
        DynamoLinks(),
        DynamoPeople(),
        DynamoLooks(),
        DynamoSearch(),
        RegulationFiles(),
        CommunityCalendars(),
        codes_from_secret(secret_id),
        now,
        S3Recordings(bucket),
        S3Files(bucket, os.environ.get("AWS_REGION", "")),
        DynamoHouseholds(),
    )


def recount(desk: "Desk", community: str, month: str, *, repair: bool, say: Say = print) -> int:
    """Count a month (`YYYYMM`) again from the events, and say what differs.

    0 if nothing does.
    """
    from chalicelib.services.figures.recount import mend, recount_month

    desk.directory.community(community)
    found = recount_month(desk.cases, desk.figures, community, month, _progress(say))
    say(f"{found.cases} cases of {community} in {month} counted from their events.")
    for difference in found.differences:
        amounts = f"stored {difference.stored}, counted {difference.counted}"
        row = " ".join(part for part in difference.row if part)
        say(f"  {row} {difference.counter}: {amounts}")
    if not found.differences:
        say("The figures are what the events add up to.")
        return 0
    if not found.settled:
        say("The month was changing while it was counted; count it again when there is less to do.")
        return 1
    if not repair:
        say(f"{len(found.differences)} counters differ; --repair puts them right.")
        return 1
    mend(desk.figures, community, month, found)
    say("Put right; counting again …")
    return recount(desk, community, month, repair=False, say=say)


def what_if(desk: "Desk", community: str, month: str, pack: str, say: Say = print) -> int:
    """Runs a month (`YYYYMM`) under another regulation and says what it would have been."""
    from chalicelib.adapters.word_files import WordFiles
    from chalicelib.services.figures.what_if import check_month, check_other, compared, run_month

    place = desk.directory.community(community)
    check_other(place, pack)
    check_month(desk, place, month)
    run = run_month(desk, place, month, pack, tell=_progress(say))
    for line in table_of(compared(desk, place, month, pack, run, WordFiles().get("en"))):
        say(line)
    return 0


def _progress(say: Say) -> Callable[[int], None]:
    return lambda number: say(f"  … {number} cases") if number % EVERY == 0 else None
