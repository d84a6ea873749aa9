"""A case goes on under the version of the regulation that it began under (G2)."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.adapters.regulation_files import FOLDER, RegulationFiles
from chalicelib.domain.errors import InvalidInputError
from infra.released import release
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
    changed = PACK.replace("version = 1", "version = 2").replace("link_days = 7", "link_days = 3")
    (tmp_path / "mine.toml").write_text(changed, "utf-8")
    after = replace(made, desk=replace(made.desk, regulations=RegulationFiles(tmp_path)))
    new = after.register().case
    assert (old.regulation_version, new.regulation_version) == ("1", "2")
    assert after.desk.setting_of(after.case(old)).regulation.survey.link_days == 7
    assert after.desk.setting_of(new).regulation.survey.link_days == 3
    assert after.case(old).deadlines == old.deadlines


@pytest.mark.req("G2")
@pytest.mark.parametrize("pack", regulations().ids())
def test_every_version_that_a_case_can_have_begun_under_is_kept(pack: str) -> None:
    for version in range(1, regulations().get(pack).version + 1):
        assert regulations().get(pack, version).version == version
    with pytest.raises(InvalidInputError, match="is not kept"):
        regulations().get(pack, regulations().get(pack).version + 1)
