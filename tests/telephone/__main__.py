"""`make call`: a telephone call to the desk, on the running one or on one that is brought up for it."""

import json
import re
import sys
import urllib.request
from pathlib import Path

from infra.local.__main__ import chosen_port
from infra.local.cloud import Cloud, cloud_of_the_running_desk
from infra.local.deskfile import running_desk
from infra.local.messages import Messages
from infra.local.player import Player
from infra.local.serving import shown
from infra.local.stopping import Stop, StopAskedError
from infra.local.up import desk_up, say
from infra.places import DESK
from infra.problems import CannotGoOnError
from tests.telephone.environment import missing
from tests.telephone.exchange.voice import run
from tests.telephone.play import COMMUNITY, SAID, exchange, repair, until

CALLER = "+8613900001234"
SIP_PORTS_ABOVE = 200
"""How far from the desk's port the exchange listens."""


def main(stop: Stop) -> None:
    """Plays a call, and tells what came of it."""
    if why := missing(make=True):
        raise CannotGoOnError(f"No call can be made here. {why}")
    if found := running_desk():
        say(f"On the desk that is open at {found['base_url']}:")
        play(found["base_url"], cloud_of_the_running_desk())
        return
    with desk_up(chosen_port(), stop) as desk:
        say(f"On a desk opened for it at {desk.base_url}:")
        play(desk.base_url, desk.cloud)


def play(base_url: str, cloud: Cloud) -> None:
    """Make a call, and show the case, its recording, and the SMS to the caller."""
    folder = DESK / "telephone"
    folder.mkdir(parents=True, exist_ok=True)
    messages = Messages(cloud.get)
    port = int(base_url.rpartition(":")[2])
    urllib.request.urlopen(f"{base_url}/v1/health").close()  # noqa: S310  a first call finds the desk awake
    with exchange(base_url, folder, port + SIP_PORTS_ABOVE, say=say) as running:
        before = set(running.recordings())
        say(f"▸ Somebody dials, presses 1 (language), 1 (repair), the unit, 1 (right), and says: {SAID}")
        status = running.caller().call(CALLER, repair(pace=2.0)).wait()
        until(lambda: any(path.suffix == ".deleted" for path in set(running.recordings()) - before))
        recorded = sorted(set(running.recordings()) - before)
    if status != 0 or not recorded:
        raise CannotGoOnError(
            f"The call did not go as it should (SIPp: {status}); its files lie in {folder}."
        )
    _show(base_url, messages, recorded[-1], folder)


def _show(base_url: str, messages: Messages, recorded: Path, folder: Path) -> None:
    player = Player(base_url, messages.new, lambda message: say(shown(message)))
    found = re.search(r"\d{6}-\d{4,}", player.wait_for("登记.*编号").text)
    assert found is not None
    number = found[0]
    desk = json.loads((DESK / "desk.json").read_text("utf-8"))
    agent = next(
        entry for entry in desk["accounts"] if (entry["role"], entry["community"]) == ("agent", COMMUNITY)
    )
    token = player.sign_in(agent["username"], agent["password"])
    case = player.call("GET", f"/v1/communities/{COMMUNITY}/cases/{number}", None, token)
    say(f"▸ The case: {number}, unit {case['unit']}, phone {case['phone']}, {case['channel']}")
    heard = player.call("GET", f"/v1/communities/{COMMUNITY}/cases/{number}/recordings/1", None, token)
    kept = folder / f"{number}.wav"
    with urllib.request.urlopen(heard["address"]) as answer:  # noqa: S310
        kept.write_bytes(answer.read())
    picture = kept.with_suffix(".png")
    run("sox", str(kept), "-n", "spectrogram", "-o", str(picture), "-t", number)
    say(f"▸ What was said: {kept}, as a picture: {picture} (recorded as {recorded.name})")
    say(run("sox", str(kept), "-n", "stat").strip())


if __name__ == "__main__":
    listening = Stop()
    try:
        listening.listen()
        main(listening)
    except CannotGoOnError as problem:
        sys.exit(f"✗ {problem}")
    except StopAskedError as asked:
        print(f"✗ {asked}", file=sys.stderr)  # noqa: T201
        sys.exit(asked.exit_status)
