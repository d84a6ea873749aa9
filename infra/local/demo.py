"""`make demo`: three stories on the running desk, or on one that is started for them, told as they happen."""

import json
import textwrap
import time
from urllib.parse import urlsplit

from infra.local import deskfile
from infra.local.cloud import RECORD, Cloud
from infra.local.messages import Message, Messages
from infra.local.player import MessageMissingError, Player, RefusedError
from infra.local.serving import shown
from infra.local.stories import STORIES
from infra.local.up import desk_up, say
from infra.problems import CannotGoOnError


def demo(port: int) -> None:
    """Plays the stories.

    Raises:
        CannotGoOnError: The desk could not be started, or a story did not go as it should.
    """
    running = deskfile.running_desk()
    if running is not None:
        say(f"Playing on the desk that runs at {running['base_url']}.")
        _play(running["base_url"], Cloud(json.loads(RECORD.read_text("utf-8"))["endpoint"]))
        return
    say("No desk runs here: one is started for the stories.")
    with desk_up(port) as desk:
        _play(desk.base_url, desk.cloud)


def _play(base_url: str, cloud: Cloud) -> None:
    player = Player(base_url, Messages(cloud.get).new, _show)
    began = time.monotonic()
    for number, story in enumerate(STORIES, start=1):
        title = (story.__doc__ or story.__name__).splitlines()[0]
        say(f"\n{'═' * 78}\nStory {number} of {len(STORIES)}. {title}\n{'═' * 78}")
        try:
            story(player, _tell)
        except (RefusedError, MessageMissingError) as problem:
            raise CannotGoOnError(f"Story {number} broke off: {problem}") from problem
    say(f"\nAll three stories were told in {time.monotonic() - began:.0f} seconds.")
    say(f"The cases stay in the register: look at them at http://{urlsplit(base_url).netloc}/desk.")


def _tell(text: str) -> None:
    say("\n" + textwrap.fill(f"▸ {text}", 90, subsequent_indent="  "))


def _show(message: Message) -> None:
    say(textwrap.indent(shown(message), "    "))
