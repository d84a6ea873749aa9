"""Size of what is deployed, and what makes it up."""

import zipfile
from collections import Counter

from bench.result import Result, at_most, progress
from infra.package import package

LARGEST_PARTS = 5
LIMIT_ZIP_MB, LIMIT_UNPACKED_MB = 50, 250
"""What Lambda takes: a zip that is uploaded directly, and its contents."""


def measure() -> list[Result]:
    """The size of the package of the local stage.

    Every stage has the same code.
    """
    progress("packaging, unless that has been done already")
    code = package("local").code
    parts: Counter[str] = Counter()
    with zipfile.ZipFile(code) as archive:
        for entry in archive.infolist():
            parts[entry.filename.split("/", 1)[0]] += entry.file_size
    zipped, unpacked = code.stat().st_size / 1e6, parts.total() / 1e6
    largest = ", ".join(f"{name} {size / 1e6:.1f}" for name, size in parts.most_common(LARGEST_PARTS))
    return [
        at_most("package, zipped", zipped, LIMIT_ZIP_MB, f"{zipped:.1f} MB"),
        at_most("package, unpacked", unpacked, LIMIT_UNPACKED_MB, f"{unpacked:.1f} MB ({largest})"),
    ]
