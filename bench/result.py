"""What a part of the bench found, and how it is told."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the table.

    Attributes:
        name: What was measured.
        found: The figure with its unit, and what one must know to read it.
        target: What it should be; empty if it is only shown.
        met: Whether it is so; None without a target.
        counted: The figure is a count, the same on every machine: if it misses its target, the bench fails.
    """

    name: str
    found: str
    target: str = ""
    met: bool | None = None
    counted: bool = False

    @property
    def fails(self) -> bool:
        """Whether the bench fails for it."""
        return self.counted and self.met is False


def at_most(name: str, value: float, most: float, found: str, *, counted: bool = False) -> Result:
    """The result of a figure that should be no more than `most`."""
    return Result(name, found, f"≤ {most:g}", value <= most, counted)


def table(results: list[Result]) -> str:
    """The results below each other."""
    widest = max(len(result.name) for result in results)
    lines = []
    for result in results:
        verdict = {True: f"met ({result.target})", False: f"MISSED ({result.target})", None: ""}[result.met]
        lines.append(f"  {result.name:<{widest}}  {verdict:<16}  {result.found}".rstrip())
    return "\n".join(lines)


def progress(what: str) -> None:
    """Tells whoever waits what is being done."""
    print(f"… {what}", flush=True)
