"""What the desk says while it runs: where it is, whom to be, what to try; and each message that leaves."""

import textwrap
import threading
import urllib.error

from infra.local.cloud import LOG
from infra.local.messages import Message, Messages
from infra.local.up import Desk, say
from infra.problems import CannotGoOnError

PAUSE_SECONDS = 0.4


def serve(desk: Desk, stopped: threading.Event) -> None:
    """Tells each message as it leaves, until the person stops the desk.

    Raises:
        CannotGoOnError: The embedded cloud has ended by itself.
    """
    messages = Messages(desk.cloud.get)
    while not stopped.wait(PAUSE_SECONDS):
        try:
            for message in messages.new():
                say(shown(message))
        except (urllib.error.URLError, OSError) as err:
            if not desk.cloud.is_running():
                sentence = f"The embedded cloud has ended by itself; its log is {LOG}. Start the desk again."
                raise CannotGoOnError(sentence) from err


def introduction(desk: Desk) -> str:
    """Addresses, accounts, and what to try first."""
    first = desk.sample.communities[0]
    base = desk.base_url
    accounts = "\n".join(
        f"    {account.role:<16} {account.username}"
        for account in desk.sample.accounts
        if account.community == first.id
    )
    others = ", ".join(f"{one.name} ({one.id})" for one in desk.sample.communities[1:])
    return f"""
The desk is open:  {base}/

    {base}/c/{first.id:<12} report something, as a resident of {first.name}
    {base}/desk            the desk, for staff
    {base}/v1/docs         the API

Sign in as (the password of all is {desk.sample.accounts[0].password}):
{accounts}
    The same for {others}; all of them stand in .local/desk.json.

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
