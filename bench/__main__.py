"""`make bench`: every part in turn, then one table. Ends with 1 if a count misses its target."""

import sys
from importlib import import_module
from time import monotonic

from bench.result import Result, progress, table

PARTS = {
    "deadlines": "Deadlines",
    "firing": "Timers of a case",
    "months": "The figures of a month",
    "imports": "Starting",
    "speed": "Requests in process",
    "peer": "Requests beside another desk's",
    "papers": "The PDF of a case",
    "households": "The household register",
    "package_size": "What is deployed",
    "journey": "One ordinary case on the embedded cloud",
}


def main(chosen: list[str]) -> int:
    """Runs the parts, or the chosen ones, and tells what they found."""
    unknown = set(chosen) - PARTS.keys()
    if unknown:
        print(f"There is no {', '.join(sorted(unknown))}; the parts are {', '.join(PARTS)}.")
        return 2
    began = monotonic()
    found: dict[str, list[Result]] = {}
    for part in chosen or PARTS:
        progress(PARTS[part])
        found[part] = import_module(f"bench.{part}").measure()
    for part, results in found.items():
        print(f"\n{PARTS[part]}\n{table(results)}")
    print(f"\nMeasured in {monotonic() - began:.0f} s.")
    return int(any(result.fails for results in found.values() for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
