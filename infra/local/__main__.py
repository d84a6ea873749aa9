"""`python -m infra.local up|demo`: what `make run` and `make demo` do."""

import argparse
import os
import sys

from infra.local.stopping import Stop, StopAskedError
from infra.problems import CannotGoOnError

DEFAULT_PORT = "8080"
CHOOSING = ("PORT", "SUDA_DESK_FOLDER")
"""Whoever sets one of these has chosen a desk; who sets none means the one that is open."""


def main(stop: Stop) -> None:
    """Does as asked on the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    parser.add_argument("what", choices=["up", "demo"], help="open the desk; play the stories")
    if parser.parse_args().what == "up":
        up(chosen_port(), stop)
        return
    from infra.local.demo import demo  # here: Ctrl-C is heard while it loads

    demo(chosen_port(), stop, on_its_own=any(os.environ.get(name) for name in CHOOSING))


def up(port: int, stop: Stop) -> None:
    """Runs the desk until it is stopped."""
    os.umask(0o077)  # its files hold whoever reported, and passwords
    from infra.local.serving import introduction, serve  # here: Ctrl-C is heard while they load
    from infra.local.up import desk_up, say

    with desk_up(port, stop) as desk:
        say(introduction(desk))
        stop.in_order_from_now_on()
        serve(desk, stop)


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
    listening = Stop()
    try:
        listening.listen()
        main(listening)
    except CannotGoOnError as problem:
        sys.exit(f"✗ {problem}")
    except StopAskedError as asked:
        print(f"✗ {asked}", file=sys.stderr)
        sys.exit(asked.exit_status)
