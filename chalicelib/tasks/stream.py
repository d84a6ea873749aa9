"""The task behind the stream of the table of cases: new events and new notices."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib import wiring
from chalicelib.domain.community.roles import Role
from chalicelib.services.errors import DeliveryError

log = logging.getLogger(__name__)

Failures = dict[str, list[dict[str, str]]]


def relay(event: Mapping[str, Any], _context: object = None) -> Failures:
    """Follow each record of a batch; the sequence numbers of those to be delivered again.

    A person's event wakes the workflows of its case (the timers' own were made by a workflow, which knows);
    a notice leaves. The two don't wait for each other, nor one case for another. Within one of them order
    is kept: after a failure the rest is left for the next delivery, which begins anew at the first failure,
    so everything here bears being done twice. Several events of a case in one batch are one look at it.
    A notice that has failed for good is given back too, until it ends among the dead letters, but what
    comes after it does not wait; nor does it for the index of what is found.
    """
    outbox = wiring.outbox()
    failed: list[str] = []
    halted: set[tuple[str, str]] = set()
    followed: set[str] = set()
    happened = _happened(event["Records"])
    for record in event["Records"]:
        change = record["dynamodb"]
        key, name = change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"]
        community, _, number = key.partition("#")
        family, _, notice_key = name.partition("#")
        if (key, family) in halted:
            failed.append(change["SequenceNumber"])
            continue
        try:
            if family == "NOTICE":
                outbox.notice_due(community, number, notice_key)
            elif family == "BUNDLE":
                outbox.bundle_due(community, number, notice_key)
            elif key not in followed and change["NewImage"]["actor_role"]["S"] != Role.SYSTEM:
                outbox.case_changed(community, number)
                followed.add(key)
                outbox.case_to_find(community, number, happened[key])
        except Exception as error:
            log.exception("not_relayed", extra={"community": community, "number": number, "record": name})
            holds_nothing_up = key in followed if family == "EVENT" else _is_final(error)
            if not holds_nothing_up:
                halted.add((key, family))
            failed.append(change["SequenceNumber"])
    return {"batchItemFailures": [{"itemIdentifier": sequence_number} for sequence_number in failed]}


def _happened(records: Iterable[Mapping[str, Any]]) -> Mapping[str, set[str]]:
    """The types of the events of each case in a batch, by its key."""
    happened: dict[str, set[str]] = defaultdict(set)
    for record in records:
        change = record["dynamodb"]
        if change["Keys"]["sk"]["S"].startswith("EVENT#"):
            happened[change["Keys"]["pk"]["S"]].add(change["NewImage"]["event_type"]["S"])
    return happened


def _is_final(error: Exception) -> bool:
    return isinstance(error, DeliveryError) and error.final
