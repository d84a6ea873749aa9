"""A case goes on under the version of the regulation that it began under (G2)."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.errors import InvalidInputError
from infra.problems import CannotGoOnError
from infra.released import changed, check_released, release
from tests.builders import community, office, regulations

PACK = """
id = "mine"
version = 1
names = { zh-CN = "a", zh-TW = "b", en = "c" }

[survey]
link_days = 7
remind_after = { amount = 24, unit = "hours" }
revisit_after_reminder = { amount = 24, unit = "hours" }
low_rating = 2
"""


@pytest.mark.req("G2")
def test_a_change_of_the_pack_reaches_new_cases_only(tmp_path: Path) -> None:
    (tmp_path / "common.toml").write_text((FOLDER / "common.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "mine.toml").write_text(PACK, "utf-8")
    made = office(community(regulation="mine"))
    before = replace(made, desk=replace(made.desk, regulations=RegulationFiles(tmp_path)))
    old = before.register().case
    release(tmp_path)
    newer = PACK.replace("version = 1", "version = 2").replace("link_days = 7", "link_days = 3")
    (tmp_path / "mine.toml").write_text(newer, "utf-8")
    after = replace(made, desk=replace(made.desk, regulations=RegulationFiles(tmp_path)))
    new = after.register().case
    assert (old.regulation_version, new.regulation_version) == ("1", "2")
    assert after.desk.context_of(after.case(old)).regulation.survey.link_days == 7
    assert after.desk.context_of(new).regulation.survey.link_days == 3
    assert after.case(old).clocks.deadlines == old.clocks.deadlines


@pytest.mark.req("G2")
@pytest.mark.parametrize("pack", regulations().ids())
def test_every_version_that_a_case_can_have_begun_under_is_kept(pack: str) -> None:
    for version in range(1, regulations().get(pack).version + 1):
        assert regulations().get(pack, version).version == version
    with pytest.raises(InvalidInputError, match="is not kept"):
        regulations().get(pack, regulations().get(pack).version + 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One pack beside the common file, released."""
    (tmp_path / "common.toml").write_text((FOLDER / "common.toml").read_text("utf-8"), "utf-8")
    (tmp_path / "mine.toml").write_text(PACK, "utf-8")
    assert release(tmp_path) == ["mine@1.json"]
    assert list(changed(tmp_path)) == []
    return tmp_path


def write(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.req("G2")
def test_a_released_version_does_not_change_with_the_common_file(folder: Path) -> None:
    before = RegulationFiles(folder).get("mine", 1)
    write(folder / "mine.toml", "version = 1", "version = 2")
    write(folder / "common.toml", "attempts = 3", "attempts = 5")
    write(folder / "common.toml", "amount = 48", "amount = 12")
    files = RegulationFiles(folder)
    assert files.get("mine", 1) == before
    now = files.get("mine", 2)
    assert now.revisits.attempts == 5
    assert now.rules != before.rules
    assert release(folder) == ["mine@2.json"]
    assert (files.get("mine", 1), files.get("mine", 2)) == (before, now)
    assert list(changed(folder)) == []
    assert release(folder) == [], "nothing is kept twice"


@pytest.mark.req("G2")
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("mine", "link_days = 7", "link_days = 6"), ("common", "attempts = 3", "attempts = 2")],
)
def test_a_change_without_a_new_version_is_refused_and_says_what_to_do(
    folder: Path, file: str, old: str, new: str
) -> None:
    write(folder / f"{file}.toml", old, new)
    with pytest.raises(CannotGoOnError, match=r"^mine\.toml.*Raise `version` in mine\.toml to 2, then run"):
        check_released(folder)
    assert release(folder) == [], "what was released stays as it was"
    write(folder / "mine.toml", "version = 1", "version = 2")
    with pytest.raises(
        CannotGoOnError, match=r"version 2 is not kept; run `python -m infra\.released --write`"
    ):
        check_released(folder)
    release(folder)
    check_released(folder)


def test_words_beside_the_rules_are_no_change(folder: Path) -> None:
    write(folder / "mine.toml", "[survey]", "# how long people are asked\n[survey]")
    check_released(folder)


@pytest.mark.req("G2")
def test_a_released_version_that_was_altered_or_lost_is_found(folder: Path) -> None:
    write(folder / "mine.toml", "version = 1", "version = 2")
    release(folder)
    kept = folder / "released" / "mine@1.json"
    write(kept, '"link_days": 7', '"link_days": 8')
    assert list(changed(folder)) == [
        "released/mine@1.json is not as it was released; take it back as it was."
    ]
    kept.unlink()
    assert [sentence[:34] for sentence in changed(folder)] == ["mine.toml: its version 1 is not ke"]


@pytest.mark.req("G2")
def test_each_regulation_is_what_its_version_was_released_as() -> None:
    assert list(changed(FOLDER)) == []
