"""The task of the schedule."""

import logging
from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from chalicelib import wiring

log = logging.getLogger(__name__)


class NotMendedError(Exception):
    """Something could not be mended. Raised once all else is done, so that the function's alarm goes off."""


def reconcile(event: Mapping[str, Any], context: Any = None) -> dict[str, int]:
    """Find and mend what was lost; what was found, as counts.

    The rule of the night (`started_by` is `night`) erases personal data whose time is over instead (G24).
    The schedule (`started_by` is `schedule`) has the suspects looked at; any other call, such as the one
    after a local start, has every open case looked at. Lambda's `context` says how much time is left.
    """
    if event.get("started_by") == "night":
        return _forget(context)
    thorough = event.get("started_by") != "schedule"
    if context is None:
        found = wiring.reconciliation().run(thorough=thorough)
    else:
        found = wiring.reconciliation().run(
            thorough=thorough, seconds_left=lambda: context.get_remaining_time_in_millis() / 1000
        )
    counts = asdict(found)
    log.info("reconciled", extra=counts)
    if found.not_mended or found.notices_failed:
        raise NotMendedError(
            f"{found.not_mended} could not be mended, {found.notices_failed} notices failed for good; "
            "the log names them."
        )
    return counts


def _forget(context: Any) -> dict[str, int]:
    """Erase in every community what its regulation does not keep; the counts of all together."""
    from chalicelib.services.findings.records import forget_findings
    from chalicelib.services.privacy.forgetting import forget

    counts: dict[str, int] = {}
    for community in wiring.desk().directory.names():
        findings = wiring.findings()
        found = forget(wiring.desk(), wiring.notices(), findings, community, lambda: _seconds_left(context))
        forget_findings(wiring.desk(), wiring.findings(), community)
        for name, count in asdict(found).items():
            counts[name] = counts.get(name, 0) + count
    log.info("forgotten", extra=counts)
    if counts.get("not_erased"):
        raise NotMendedError(f"{counts['not_erased']} cases could not be erased; the log names them.")
    return counts


def _seconds_left(context: Any) -> float:
    return 200.0 if context is None else context.get_remaining_time_in_millis() / 1000
