"""`python -m infra.local up|demo`: what `make run` and `make demo` do."""

import argparse
import os
import sys

from infra.local.demo import demo
from infra.local.serving import introduction, serve
from infra.local.up import desk_up, say, stop_on_signals
from infra.problems import CannotGoOnError

DEFAULT_PORT = "8080"


def main() -> None:
    """Does as asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("what", choices=["up", "demo"], help="open the desk; play the stories")
    if parser.parse_args().what == "demo":
        demo(chosen_port())
    else:
        up(chosen_port())


def up(port: int) -> None:
    """Runs the desk until it is stopped."""
    stopped = stop_on_signals()
    with desk_up(port) as desk:
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
    except CannotGoOnError as problem:
        sys.exit(f"✗ {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
