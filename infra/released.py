"""The released versions of the regulations (G2).

A case goes on under the version that it began under.

    python -m infra.released            says what is wrong with the regulations, if anything is
    python -m infra.released --write    keeps each regulation as it is now, under its version

`chalicelib/regulations/released/S1@1.json` is version 1 of S1, whole, with all that it took from common.toml;
SHA256SUMS beside it holds the digests. What was released does not change: whoever changes S1.toml, or what it
takes from common.toml, raises its `version` and keeps the new one. A version that no desk has ever run under
may be released again: delete its file first.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.adapters.regulation_files import FOLDER, RELEASED, RegulationFiles
from chalicelib.domain.errors import RegulationError
from infra.problems import CannotGoOnError

SUMS = "SHA256SUMS"
AGAIN = "run `python -m infra.released --write`"


def check_regulations(folder: Path = FOLDER) -> None:
    """`CannotGoOnError` names the first regulation that nobody can work under, and what would be right."""
    for problem in broken(folder):
        raise CannotGoOnError(problem)


def check_released(folder: Path = FOLDER) -> None:
    """`CannotGoOnError` also for a regulation that is not what its version was released as."""
    check_regulations(folder)
    for problem in changed(folder):
        raise CannotGoOnError(problem)


def broken(folder: Path) -> Iterator[str]:
    """A sentence for each broken regulation file.

    A broken common file comes alone, for all packs stand on it.
    """
    files = RegulationFiles(folder)
    try:
        files.check_common()
    except RegulationError as error:
        yield error.message
        return
    for pack_id in files.ids():
        try:
            files.get(pack_id)
        except RegulationError as error:
            yield error.message


def changed(folder: Path) -> Iterator[str]:
    """A sentence for each regulation that differs from its released version.

    And one for each released version that was altered.
    """
    files, sums = RegulationFiles(folder), _sums(folder)
    for pack_id in files.ids():
        version = files.get(pack_id).version
        kept = files.released(pack_id, version)
        if not kept.is_file():
            yield f"{pack_id}.toml: version {version} is not kept; {AGAIN}."
        elif json.loads(kept.read_text("utf-8")) != files.whole(pack_id):
            yield (
                f"{pack_id}.toml, or what it takes from common.toml, is not what version {version} was "
                f"released as, and cases go on under that. Raise `version` in {pack_id}.toml to "
                f"{version + 1}, then {AGAIN}. (If no desk ever ran under version {version}, delete "
                f"released/{kept.name} instead of raising it.)"
            )
        for older in range(1, version):
            if not files.released(pack_id, older).is_file():
                yield f"{pack_id}.toml: its version {older} is not kept; take released/ back as it was."
    for path in _kept(folder):
        if sums.get(path.name) != _digest(path):
            yield f"released/{path.name} is not as it was released; take it back as it was."


def release(folder: Path = FOLDER) -> list[str]:
    """Keep each regulation as it is now, unless its version is kept already.

    Returns the names of the new files.
    """
    check_regulations(folder)
    files, sums, written = RegulationFiles(folder), _sums(folder), []
    for pack_id in files.ids():
        kept = files.released(pack_id, files.get(pack_id).version)
        if not kept.is_file():
            kept.parent.mkdir(exist_ok=True)
            whole = json.dumps(files.whole(pack_id), ensure_ascii=False, indent=1)
            kept.write_text(whole + "\n", "utf-8")
            sums[kept.name] = _digest(kept)
            written.append(kept.name)
    if written:
        lines = (f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        (folder / RELEASED / SUMS).write_text("".join(lines), "utf-8")
    return written


def _kept(folder: Path) -> list[Path]:
    return sorted((folder / RELEASED).glob("*.json"))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sums(folder: Path) -> dict[str, str]:
    """File → digest."""
    path = folder / RELEASED / SUMS
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    return {name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def main() -> int:
    """Does as asked on the command line; returns the exit status."""
    problems = list(broken(FOLDER))
    if "--write" in sys.argv[1:] and not problems:
        print(*release() or ["Each version was kept already."], sep="\n")
    problems = problems or list(changed(FOLDER))
    for problem in problems:
        print(f"✗ {problem}", file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
