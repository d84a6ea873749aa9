"""`python -m infra.local up` is what `make run` does, `python -m infra.local demo` what `make demo` does."""

import os
import sys

from infra.local.demo import demo
from infra.local.serving import introduction, serve
from infra.local.up import desk_up, say, stop_on_signals
from infra.problems import CannotGoOnError

DEFAULT_PORT = "8080"


def main() -> None:
    """Runs what the command line names."""
    asked = sys.argv[1:] or ["up"]
    if asked == ["up"]:
        run()
    elif asked == ["demo"]:
        demo(chosen_port())
    else:
        raise CannotGoOnError(f"There is no {' '.join(asked)!r} here: it is `up` or `demo`.")


def run() -> None:
    """Runs the desk until it is stopped."""
    stopped = stop_on_signals()
    with desk_up(chosen_port()) as desk:
        say(introduction(desk))
        serve(desk, stopped)


def chosen_port() -> int:
    """The port from the environment's PORT.

    Raises:
        CannotGoOnError: It is no port.
    """
    port = os.environ.get("PORT") or DEFAULT_PORT
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotGoOnError(f"PORT={port} is no port: give a number from 1 to 65535.")
    return int(port)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except CannotGoOnError as problem:
        sys.exit(f"✗ {problem}")
