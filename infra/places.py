"""Where things lie in a checkout."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

MADE = PROJECT / ".local"
"""What is made once and may be used by all: wheels, packages, the embedded cloud's environment."""
WHEELS = MADE / "wheels"
PACKAGES = MADE / "packages"

DESK = Path(os.environ.get("SUDA_DESK_FOLDER") or MADE)
"""Where one local desk keeps its register, its log and its desk.json. Tests have one of their own."""

REQUIREMENTS = PROJECT / "requirements.txt"
RESOURCES = PROJECT / "infra" / "resources.yaml"
CHALICE_CONFIG = PROJECT / ".chalice" / "config.json"


def inputs_of_the_package() -> list[Path]:
    """Every file that what is deployed depends on, in a fixed order."""
    infra = PROJECT / "infra"
    single = [PROJECT / "app.py", REQUIREMENTS, CHALICE_CONFIG, RESOURCES]
    single += [infra / "package.py", infra / "slimming.py", infra / "tables_in_use.py"]
    found = [
        *infra.glob("*.asl.json"),
        *(infra / "policies").glob("*.json"),
        *(path for path in (PROJECT / "chalicelib").rglob("*") if path.is_file()),
    ]
    return [*single, *sorted(path for path in found if "__pycache__" not in path.parts)]
