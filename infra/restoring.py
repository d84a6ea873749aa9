"""Brings a desk back to one instant: all its tables, from what AWS keeps of each for 35 days.

Nothing is changed in the tables that were in use. Four new ones are made beside them, what must not be
forgotten is carried over, and only then, when it is asked for, the stack is told to use the new ones. The
old ones stay: what was written into them after the instant can be read there.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.problems import CannotGoOnError

Say = Callable[[str], None]
Row = dict[str, Any]

KINDS = ("Cases", "Directory", "Figures", "Links")
LONGEST_RESTORE_SECONDS = 6 * 3600
PAUSE_SECONDS = 15.0
MOST_TRIES = 40
LOST = "lost when the desk was restored"
SPARE_SERIALS = 20
"""Numbers that are left out, so that one which is given while the stack changes over is not given twice."""


@dataclass(frozen=True)
class Lost:
    """What stands in the tables of before and not in those of the instant.

    `cases` are (community, number); `events` how many of each case that is there; `directory` rows of the
    directory that differ, `issued` the last serial of each (community, month).
    """

    cases: tuple[tuple[str, str], ...]
    events: Mapping[tuple[str, str], int]
    directory: int
    issued: Mapping[tuple[str, str], int]


def instant_of(given: str, now: datetime) -> datetime:
    """The instant that an operator typed, such as `2026-11-29T03:15:00+08:00`.

    CannotGoOnError if it has no offset, cannot be read, or is not in the past.
    """
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CannotGoOnError(
            f"{given!r} is no instant: write it like 2026-11-29T03:15:00+08:00, with the offset from UTC."
        )
    if at >= now:
        raise CannotGoOnError(f"{given} is not in the past.")
    return at.astimezone(UTC)


def restore_tables(
    dynamodb: Any,
    stack: str,
    used: Mapping[str, str],
    at: datetime,
    say: Say,
    pause_seconds: float = PAUSE_SECONDS,
) -> dict[str, str]:
    """Makes a table of the instant for each that is used; their names, by kind.

    A table that an earlier try has made already is taken as it is. What a restore leaves out is set again:
    stream, expiry, recovery and protection.

    Raises:
        CannotGoOnError: AWS does not keep that instant of some table, or it takes too long.
    """
    for kind in KINDS:
        _check_kept(dynamodb, used[kind], at)
    made = {kind: f"{stack}-{kind}-at-{at:%Y%m%dT%H%M%SZ}" for kind in KINDS}
    if made["Cases"] == used["Cases"]:
        raise CannotGoOnError(f"The desk works on {used['Cases']} already.")
    for kind in KINDS:
        try:
            dynamodb.restore_table_to_point_in_time(
                SourceTableName=used[kind], TargetTableName=made[kind], RestoreDateTime=at
            )
            say(f"Restoring {used[kind]} into {made[kind]} …")
        except (
            dynamodb.exceptions.TableAlreadyExistsException,
            dynamodb.exceptions.TableInUseException,
        ):
            say(f"{made[kind]} is there already, from an earlier try.")
    for kind in KINDS:
        _wait_for(dynamodb, made[kind], pause_seconds)
        _set_up(dynamodb, kind, made[kind], pause_seconds)
    return made


def _check_kept(dynamodb: Any, table: str, at: datetime) -> None:
    kept = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = kept["PointInTimeRecoveryDescription"]
    first, last = recovery.get("EarliestRestorableDateTime"), recovery.get("LatestRestorableDateTime")
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        raise CannotGoOnError(f"AWS keeps no past of {table}: its point-in-time recovery is off.")
    if first and last and not first <= at <= last:
        window = " to ".join(f"{end.astimezone(UTC):%Y-%m-%d %H:%M}" for end in (first, last))
        raise CannotGoOnError(f"AWS keeps {table} from {window} UTC; choose an instant in there.")


def _wait_for(dynamodb: Any, table: str, pause_seconds: float) -> None:
    until = time.monotonic() + LONGEST_RESTORE_SECONDS
    while dynamodb.describe_table(TableName=table)["Table"]["TableStatus"] != "ACTIVE":
        if time.monotonic() > until:
            raise CannotGoOnError(f"{table} is still being restored; run the same command again later.")
        time.sleep(pause_seconds)


def _set_up(dynamodb: Any, kind: str, table: str, pause_seconds: float) -> None:
    described = dynamodb.describe_table(TableName=table)["Table"]
    if kind == "Cases" and not described.get("LatestStreamArn"):
        stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        dynamodb.update_table(TableName=table, StreamSpecification=stream)
        _wait_for(dynamodb, table, pause_seconds)
    if kind == "Links":
        expiry = {"AttributeName": "expires_at_epoch", "Enabled": True}
        try:
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
        except ClientError as err:
            if "already" not in str(err):
                raise
    _keep_its_past(dynamodb, table, pause_seconds)
    if not described.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
        _wait_for(dynamodb, table, pause_seconds)


def _keep_its_past(dynamodb: Any, table: str, pause_seconds: float) -> None:
    """Turns recovery on, which a table that was just made refuses for some minutes."""
    on = {"PointInTimeRecoveryEnabled": True}
    for _ in range(MOST_TRIES):
        try:
            dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=on)
        except dynamodb.exceptions.ContinuousBackupsUnavailableException:
            time.sleep(pause_seconds)
        else:
            return
    raise CannotGoOnError(f"{table} takes no backups yet; run the same command again in some minutes.")


def compare(dynamodb: Any, used: Mapping[str, str], made: Mapping[str, str]) -> Lost:
    """What was written after the instant; both tables of cases are read once from end to end."""
    versions = {row["pk"]["S"]: row for row in _rows(dynamodb, made["Cases"], "CASE")}
    cases, events = [], {}
    for row in _rows(dynamodb, used["Cases"], "CASE"):
        if "version" not in row:
            continue  # a number without a case
        place = _place(row)
        known = versions.get(row["pk"]["S"])
        if known is None or "version" not in known:
            cases.append(place)
        elif (more := int(row["version"]["N"]) - int(known["version"]["N"])) > 0:
            events[place] = more
    issued = {_place(row): int(row["serial"]["N"]) for row in _rows(dynamodb, used["Cases"], "COUNTER")}
    return Lost(tuple(sorted(cases)), events, _differing(dynamodb, used, made), issued)


def _differing(dynamodb: Any, used: Mapping[str, str], made: Mapping[str, str]) -> int:
    now, then = (
        {(row["pk"]["S"], row["sk"]["S"]): row for row in _rows(dynamodb, tables["Directory"])}
        for tables in (used, made)
    )
    return sum(now.get(key) != then.get(key) for key in now.keys() | then.keys())


def carry_over(dynamodb: Any, used: Mapping[str, str], made: Mapping[str, str], lost: Lost) -> None:
    """What has happened in the world since the instant, not to be forgotten.

    Numbers that were given stay given. Workflows that were started have used their names up. Messages that
    have left since are not sent again.
    """
    raise_counters(dynamodb, made, lost)
    gone = {f"{community}#{number}" for community, number in lost.cases}
    for row in _rows(dynamodb, used["Cases"]):
        is_there = row["pk"]["S"] not in gone
        if is_there and row["sk"]["S"].startswith("WAIT#"):
            dynamodb.put_item(TableName=made["Cases"], Item=row)
        elif is_there and row["sk"]["S"].startswith("NOTICE#") and "undelivered" not in row:
            _put_if_there(dynamodb, made["Cases"], row)


def raise_counters(dynamodb: Any, made: Mapping[str, str], lost: Lost) -> None:
    """Sets the numbers of each month past the last that was given, with spare ones."""
    for (community, month), serial in lost.issued.items():
        _raise_counter(dynamodb, made["Cases"], f"{community}#{month}", serial + SPARE_SERIALS)


def _raise_counter(dynamodb: Any, table: str, pk: str, serial: int) -> None:
    with contextlib.suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # an earlier try did it
        dynamodb.update_item(
            TableName=table,
            Key={"pk": {"S": pk}, "sk": {"S": "COUNTER"}},
            UpdateExpression="SET serial = :serial, counted_at = :now",
            ConditionExpression="attribute_not_exists(serial) OR serial < :serial",
            ExpressionAttributeValues={
                ":serial": {"N": str(serial)},
                ":now": {"S": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")},
            },
        )


def _put_if_there(dynamodb: Any, table: str, row: Row) -> None:
    with contextlib.suppress(dynamodb.exceptions.ConditionalCheckFailedException):  # of after the instant
        dynamodb.put_item(TableName=table, Item=row, ConditionExpression="attribute_exists(pk)")


def _rows(dynamodb: Any, table: str, sk: str | None = None) -> Iterator[Row]:
    """Every row of a table, or those with a sort key."""
    only: dict[str, Any] = {"ConsistentRead": True}
    if sk is not None:
        only["FilterExpression"] = "sk = :sk"
        only["ExpressionAttributeValues"] = {":sk": {"S": sk}}
    for page in dynamodb.get_paginator("scan").paginate(TableName=table, **only):
        yield from page["Items"]


def _place(row: Row) -> tuple[str, str]:
    community, _, number = row["pk"]["S"].rpartition("#")
    return community, number
