"""The register of a running desk, read from its tables and its state machines: what no page would show."""

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.contact import NOTHING_APART, Contact, together
from chalicelib.adapters.dynamo.documents import read, read_event, read_text
from chalicelib.adapters.dynamo.tables import CASE, CONTACT, COUNTER
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.events import Event
from chalicelib.domain.case.fold import fold
from chalicelib.domain.case.numbering import serial_of
from chalicelib.services.serials import Void
from chalicelib.services.workflows.executions import Execution, stage_of
from tests.local_cloud.conftest import RunningDesk

Row = dict[str, dict[str, Any]]


class Register:
    """One community's cases as they were stored when this was made."""

    def __init__(self, desk: RunningDesk, community: str) -> None:
        deployed = json.loads((desk.folder / "state" / "deployed.json").read_text("utf-8"))
        self.community, self._cloud, self._outputs = community, desk.cloud, deployed["outputs"]
        pages = self._cloud.client("dynamodb").get_paginator("scan")
        found = pages.paginate(TableName=self._outputs["CasesTableName"], ConsistentRead=True)
        rows = (row for page in found for row in page["Items"])
        self._all_rows: list[Row] = [row for row in rows if row["pk"]["S"].startswith(f"{community}#")]

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Every case by its number; voids are none."""
        stored = (read(row["data"]["B"], Case) for row in self._rows(CASE) if "data" in row)
        return {case.number: together(case, self._contact(case.number)) for case in stored}

    @cached_property
    def _contacts(self) -> dict[str, Contact]:
        return {
            row["pk"]["S"]: Contact(int(row["version"]["N"]), read(row["data"]["B"], dict[str, str]))
            for row in self._rows(CONTACT)
        }

    def _contact(self, number: str) -> Contact:
        return self._contacts.get(keys.case(self.community, number), NOTHING_APART)

    @cached_property
    def voids(self) -> dict[str, Void]:
        """The numbers that have no case, with the reason."""
        found = (read_text(row["line"]["S"], Void) for row in self._rows(CASE) if "data" not in row)
        return {void.number: void for void in found}

    def counter(self, month: str) -> int:
        """The last serial that was handed out in a month (`YYYYMM`)."""
        at = keys.month(self.community, month)
        return next((int(row["serial"]["N"]) for row in self._rows(COUNTER) if row["pk"]["S"] == at), 0)

    def unexplained(self, month: str) -> set[int]:
        """Serials of a month, up to its counter, with neither a case nor a reason why there is none."""
        explained = {serial_of(number) for number in (*self.cases, *self.voids) if number.startswith(month)}
        return set(range(1, self.counter(month) + 1)) ^ explained

    def history(self, number: str) -> list[Event]:
        """The stored events of a case, in the order of their keys."""
        rows = [row for row in self._rows(keys.EVENTS) if row["pk"]["S"] == keys.case(self.community, number)]
        stored = (read_event(row["data"]["B"]) for row in sorted(rows, key=lambda row: row["sk"]["S"]))
        contact = self._contact(number)
        return [replace(event, payload=together(event.payload, contact)) for event in stored]

    def half_written(self) -> list[str]:
        """Cases that are not what their events add up to, or whose events have a gap; rows without a case."""
        found = []
        for number, case in self.cases.items():
            history = self.history(number)
            if [event.version for event in history] != list(range(1, case.version + 1)):
                found.append(
                    f"{number} is at {case.version}, its events are {[entry.version for entry in history]}"
                )
            elif fold(history, self.community, number) != case:
                found.append(f"{number} is not what its events add up to")
        beside = {
            keys.community_and_number(row["pk"]["S"])[1] for row in self._rows(keys.EVENTS, keys.NOTICES)
        }
        return found + [f"{number} has rows, but is no case" for number in beside - set(self.cases)]

    def without_workflow(self) -> list[str]:
        """Open cases for which no execution runs, by the name under which the case knows it."""
        running = set(self._running())
        missing = []
        for number, case in self.cases.items():
            if kind := stage_of(case):
                turn = Execution(
                    self.community, number, kind, case.round, self._restart(number, kind, case.round)
                )
                missing += [] if turn.name in running else [turn.name]
        return missing

    def _running(self) -> Iterator[str]:
        pages = self._cloud.client("stepfunctions").get_paginator("list_executions")
        for machine in ("DispatchMachineArn", "RevisitMachineArn"):
            found = pages.paginate(stateMachineArn=self._outputs[machine], statusFilter="RUNNING")
            yield from (execution["name"] for page in found for execution in page["executions"])

    def _restart(self, number: str, kind: str, round_number: int) -> int:
        wanted = (keys.case(self.community, number), keys.waiting(kind, round_number))
        rows = (row for row in self._rows(keys.WAITING) if (row["pk"]["S"], row["sk"]["S"]) == wanted)
        return next((int(row["restart"]["N"]) for row in rows if "restart" in row), 0)

    def _rows(self, *beginnings: str) -> list[Row]:
        return [all_row for all_row in self._all_rows if all_row["sk"]["S"].startswith(beginnings)]
