"""Corrections of what ministack 1.5.33 takes from a template; as `corrections`, each shown by a test."""

from collections.abc import Callable
from typing import Any

Handler = Callable[..., Any]


def take_alarms_over_sums(provisioners: Any) -> None:
    """Take an alarm over several metrics as one over the first of them.

    AWS adds them up; ministack refuses the whole template. No alarm of ours goes off here anyway.
    """
    handlers = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
    handlers["create"] = _with_one_metric(handlers["create"])
    handlers["update"] = _with_one_metric(handlers["update"])


def _with_one_metric(handle: Handler) -> Handler:
    def handle_with_one(*given: Any, **named: Any) -> Any:
        return handle(*(_one_metric(value) for value in given), **named)

    return handle_with_one


def _one_metric(value: Any) -> Any:
    if not (isinstance(value, dict) and value.get("Metrics")):
        return value
    looked_at = next(part["MetricStat"] for part in value["Metrics"] if "MetricStat" in part)
    alone = {**looked_at["Metric"], "Period": looked_at["Period"], "Statistic": looked_at["Stat"]}
    return {**{key: held for key, held in value.items() if key != "Metrics"}, **alone}
