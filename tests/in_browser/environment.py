"""What a browser test needs here: Chromium, from the distribution."""

import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""The names under which distributions have it."""


def chromium() -> str | None:
    """The path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def missing() -> str:
    """Why no page can be opened here, and what to install; empty if one can be."""
    if chromium() is None:
        return "Install a browser: apt-get install -y --no-install-recommends chromium"
    return ""


if __name__ == "__main__":
    if why := missing():
        print(f"No page can be opened here, so its tests are skipped. {why}")  # noqa: T201
