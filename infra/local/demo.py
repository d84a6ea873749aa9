"""`make demo`: plays the stories on a desk.

On the running desk, or on one that is brought up for them.
"""

import http.client
from collections.abc import Sequence
from pathlib import Path

from infra.local.cloud import Cloud, cloud_of_the_running_desk
from infra.local.deskfile import running_desk, running_elsewhere
from infra.local.messages import Messages, Told
from infra.local.player import MessageMissingError, Player, RefusedError
from infra.local.serving import TOLD, shown
from infra.local.stopping import Stop
from infra.local.stories import STORIES
from infra.local.up import desk_up, say
from infra.problems import CannotGoOnError


def demo(port: int, stop: Stop, *, on_its_own: bool = False) -> None:
    """Plays every story and tells it as it happens.

    Where a desk of another folder is open, it starts none beside it, unless it is to be `on_its_own`.

    Raises:
        CannotGoOnError: A story did not go as it should, or no desk can be brought up.
    """
    if found := running_desk():
        say(f"On the desk that is open at {found['base_url']}:")
        play(found["base_url"], cloud_of_the_running_desk())
        return
    if not on_its_own and (elsewhere := running_elsewhere()):
        raise CannotGoOnError(_not_beside(elsewhere))
    with desk_up(port, stop) as desk:
        say(f"On a desk opened for it at {desk.base_url}:")
        told = Told(TOLD)
        of_the_stories = Messages(desk.cloud.get)
        play(desk.base_url, desk.cloud)
        told.add(of_the_stories.new())  # no news for the next `make run`


def _not_beside(elsewhere: Sequence[tuple[Path, str]]) -> str:
    """Which desks are open, and how to play the stories on which."""
    lines = [f"  {address}: make demo SUDA_DESK_FOLDER={folder}" for folder, address in elsewhere]
    return "\n".join(
        [
            "No desk of this folder is open, but others are. To play the stories there:",
            *lines,
            "To play them on a desk of their own, choose a free port for it: make demo PORT=….",
        ]
    )


def play(base_url: str, cloud: Cloud) -> None:
    """Play every story on the desk at an address.

    It reads the messages that the desk's cloud has sent.

    Raises:
        CannotGoOnError: A story did not go as it should, or the desk was stopped meanwhile.
    """
    for number, story in enumerate(STORIES, start=1):
        title = (story.__doc__ or "").strip().splitlines()[0]
        say(f"\n━━ {number}. {title}")
        try:
            player = Player(base_url, Messages(cloud.get).new, lambda message: say(shown(message)))
            story(player, lambda text: say(f"\n▸ {text}"))
        except (MessageMissingError, RefusedError) as err:
            raise CannotGoOnError(f"The story stopped: {err}") from err
        except (OSError, http.client.HTTPException) as err:
            raise CannotGoOnError(
                f"The story stopped: the desk at {base_url} does not answer any more. Was it stopped? "
                "Start it again with `make run`, then play the stories."
            ) from err
    say("\nThat was all. Every step went through the API and the links in the messages.")
