"""A desk that is started by `faketime` has one clock: that of its functions is shifted as its own is."""

import pytest

from infra.local.cloud import FAKETIME, environment_of, shifted_clock

SHIFTED = {
    "LD_PRELOAD": "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "FAKETIME": "+2d",
    "FAKETIME_SHARED": "/faketime_sem_7 /faketime_shm_7",
}


def test_the_functions_have_the_clock_of_the_desk_and_nothing_else_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = environment_of(4566)
    for name, value in {**SHIFTED, "AWS_PROFILE": "production", "FAKETIME_XYZ": "no", "EDITOR": "vi"}.items():
        monkeypatch.setenv(name, value)
    assert environment_of(4566) == {**SHIFTED, **plain}


@pytest.mark.parametrize("preloaded", ["", "/usr/lib/libjemalloc.so.2"])
def test_nothing_else_is_preloaded(preloaded: str) -> None:
    assert shifted_clock({"LD_PRELOAD": preloaded, "FAKETIME": "+2d"}) == {}
    assert set(shifted_clock(dict.fromkeys(FAKETIME, "libfaketime"))) == set(FAKETIME)
