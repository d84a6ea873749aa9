"""What AWS bills for, and what it costs. The one place to change when prices do.

List prices of us-east-1 in US dollars, without any free tier, from copies of AWS's price lists of December
2025 to May 2026 (DynamoDB: on demand, as lowered in November 2024). Other regions differ by up to a third;
look at https://aws.amazon.com/pricing/ before you publish a figure. The SMS is the domestic Chinese price of
RMB 0.045 for one part; by an international route one costs about five times as much.

Left out: what does not come with a case (storage, backups, alarms, the sweep every five minutes, the secret),
and logs, some kilobytes a case at $0.50 for a gigabyte.
"""

from collections.abc import Mapping

REQUESTS, INVOCATIONS, GB_SECONDS = "API requests", "Lambda invocations", "Lambda GB-seconds"
WRITES, READS = "write units", "read units"
TRANSITIONS, MAILS, SMS = "transitions", "mails", "SMS"

DOLLARS: Mapping[str, float] = {
    REQUESTS: 3.50 / 1_000_000,
    INVOCATIONS: 0.20 / 1_000_000,
    GB_SECONDS: 0.0000166667,
    WRITES: 0.625 / 1_000_000,
    READS: 0.125 / 1_000_000,
    TRANSITIONS: 0.025 / 1_000,
    MAILS: 0.10 / 1_000,
    SMS: 0.0064,
}


def dollars_per_thousand(counts: Mapping[str, float]) -> dict[str, float]:
    """What a thousand cases with these counts cost, item by item."""
    return {name: count * DOLLARS[name] * 1_000 for name, count in counts.items()}
