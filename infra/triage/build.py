"""Builds `chalicelib/lexicon.json`, the lexicon that messages are read with, from its sources.

`make lexicon`, after a change in infra/lexicon or of the sample: the weights are learned anew from all
labelled lines, which takes about ten seconds. The same sources give the same file, byte for byte.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from chalicelib.adapters.lexicon_file import FILE
from chalicelib.domain.intake.triage.lexicon import Lexicon
from infra.places import PROJECT
from infra.triage.report import SAMPLE, sample
from infra.triage.sources import FOLDER, lights, lines, sources
from infra.triage.training import learn, read


def fingerprint() -> str:
    """A hash over all that the lexicon is built from: sources, sample, and the code that reads them."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(path.relative_to(PROJECT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _inputs() -> Iterator[Path]:
    yield from sorted(FOLDER.iterdir())
    yield SAMPLE
    yield PROJECT / "chalicelib" / "domain" / "simplified.py"
    yield PROJECT / "infra" / "triage" / "sources.py"
    yield PROJECT / "infra" / "triage" / "training.py"
    reading = PROJECT / "chalicelib" / "domain" / "intake" / "triage"
    yield from (reading / f"{name}.py" for name in ("normal", "clauses", "cues", "features", "scoring"))


def build() -> Lexicon:
    """The lexicon with weights learned from every labelled line."""
    by_hand = sources()
    return learn([read(row, by_hand) for row in (*sample(), *lines())], by_hand)


def written(lexicon: Lexicon, mark: str) -> str:
    """The lexicon as its file has it."""
    concepts = sorted({cue.concept for cues in lexicon.cues.values() for cue in cues})
    document = {
        "built_from": mark,
        "varieties": [pair for words in lexicon.varieties.values() for pair in words],
        "concepts": concepts,
        "cues": {
            first: [
                part
                for cue in cues
                for part in ("…".join(cue.parts), concepts.index(cue.concept), int(cue.at_word_end))
            ]
            for first, cues in lexicon.cues.items()
        },
        "together": [[rule.name, rule.all, rule.none, rule.near] for rule in lexicon.together],
        "points": lexicon.points,
        "lights": lights(),
        "alarms": sorted(lexicon.alarms),
        "learned": lexicon.learned,
        "persons": lexicon.persons,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def main() -> int:
    """Writes the file."""
    FILE.write_text(written(build(), fingerprint()), "utf-8")
    print(f"{FILE.relative_to(PROJECT)}: {FILE.stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
