"""The terminal's output while the desk runs.

Where it is, whom to be, what to try; and each message that leaves.
"""

import http.client
import textwrap
import time

from infra.local.cloud import LOG, STATE, OwnCloud
from infra.local.deskfile import FILE
from infra.local.messages import Message, Messages, Told
from infra.local.stopping import Stop
from infra.local.up import Desk, say
from infra.problems import CannotGoOnError

PAUSE_SECONDS = 0.4
TOLD = STATE / "told"
"""In the state: the two are forgotten together."""
MOST_AT_ONCE = 20
"""Messages that are told when the desk opens; of more, only the number."""


def serve(desk: Desk, stop: Stop) -> None:
    """Show each message as it leaves, until the desk is to stop.

    Before that, what left while the desk was off.

    Raises:
        CannotGoOnError: The embedded cloud has ended by itself.
    """
    told = Told(TOLD)
    messages = Messages(desk.cloud.get, told.ids())
    tell_what_left_meanwhile(_new(messages, desk.cloud), told)
    while stop.by is None:
        time.sleep(PAUSE_SECONDS)
        for message in _new(messages, desk.cloud):
            say(shown(message))
            told.add([message])


def _new(messages: Messages, cloud: OwnCloud) -> list[Message]:
    try:
        return messages.new()
    except (OSError, http.client.HTTPException) as err:
        if cloud.is_running():
            return []  # it has much to do: next time
        sentence = f"The embedded cloud has ended by itself; its log is {LOG}. Start the desk again."
        raise CannotGoOnError(sentence) from err


def tell_what_left_meanwhile(messages: list[Message], told: Told) -> None:
    """Show the messages that left while nobody looked.

    Only the last of them if there are many.
    """
    if messages:
        say("While the desk was starting or stopping, these left:")
    if len(messages) > MOST_AT_ONCE:
        say(f"… {len(messages) - MOST_AT_ONCE} more, and")
    for message in messages[-MOST_AT_ONCE:]:
        say(shown(message))
    told.add(messages)


def introduction(desk: Desk) -> str:
    """Addresses, accounts, and what to try first."""
    first = desk.sample.communities[0]
    base = desk.base_url
    accounts = "\n".join(
        f"    {account.role:<16} {account.username}"
        for account in desk.sample.accounts
        if account.community == first.id
    )
    others = ", ".join(f"{community.name} ({community.id})" for community in desk.sample.communities[1:])
    return f"""
The desk is open:  {base}/

    {base}/c/{first.id:<12} report something, as a resident of {first.name}
    {base}/desk            the desk, for staff
    {base}/v1/docs         the API

Sign in as (the password of all is {desk.sample.accounts[0].password}):
{accounts}
    The same for {others}; all of them stand in {FILE}.

Try first:
    1. Report a dripping tap at {base}/c/{first.id}: choose 报修 (repair) and the matter
       其他室内维修 (other repair in the home). The SMS to you appears below.
    2. The SMS to the handler appears too. Open its link: sign for the case, later complete it.
    3. Open the link of the survey in the SMS that follows, and rate the work.
    Or watch three stories: `make demo` in another terminal.

Every SMS and mail that leaves the desk appears here. Ctrl-C stops it and keeps everything.
"""


def shown(message: Message) -> str:
    """A message as it stands on the terminal."""
    return f"── {message.medium} → {message.to}\n{textwrap.indent(message.text, '   ')}"
