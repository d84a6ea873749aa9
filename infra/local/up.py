"""Brings the local desk up: environments, package, cloud, stack, sample; and says what it does."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError

from infra.deploy import Destination, deploy
from infra.exchange_account import add_account
from infra.local import deskfile
from infra.local.cloud import (
    ACCOUNT,
    REGION,
    SAVE_SECONDS,
    STATE,
    OwnCloud,
    forget_state,
    running_cloud,
    shifted_clock,
    was_killed,
)
from infra.local.front import Front
from infra.local.lock import Doing, Lock, only_desk
from infra.local.progress import busy
from infra.local.ready import made_ready
from infra.local.sample import Sample, read_sample
from infra.local.stopping import Stop
from infra.local.telephone import SID, TOKEN, recordings_from
from infra.operating import looked_after
from infra.package import Package
from infra.places import PROJECT
from infra.problems import CannotGoOnError
from infra.version import version

DEPLOYED = STATE / "deployed.json"
"""What the stack in the saved state was made from; written last, so without it the state is not whole."""
POLL_SECONDS = 0.1
"""How soon the address sees that it is to close."""


@dataclass(frozen=True)
class Desk:
    """A desk that is up: cloud, stack outputs, address, and the sample directory."""

    cloud: OwnCloud
    outputs: Mapping[str, str]
    base_url: str
    sample: Sample


def say(text: str) -> None:
    """Tells the person at the terminal."""
    with contextlib.suppress(OSError):  # nobody is there any more: that keeps no desk from stopping in order
        print(text, flush=True)


@contextlib.contextmanager
def desk_up(port: int, stop: Stop) -> Iterator[Desk]:
    """A running desk, from nothing or from where it was left.

    It is stopped and saved at the end, when it says why.

    Raises:
        CannotGoOnError: The port is busy, something is missing, or the deployment failed.
    """
    with only_desk(say) as lock, Front(port) as front:
        with busy("Getting ready: environment, package (the first time takes a minute)", say):
            built = made_ready()
        known = _deployed()
        if known is None:
            forget_state()
        elif was_killed():
            say(
                "The desk was killed last time. What it had answered is here; accounts, and messages in the "
                f"terminal, may lack the last {SAVE_SECONDS} seconds."
            )
        say("Starting the embedded cloud …")
        with running_cloud(lock.descriptor) as cloud:
            try:
                desk = _deployed_desk(cloud, built, front.address, known)
                front.api = f"{cloud.endpoint}/restapis/{desk.outputs['RestAPIId']}/desk/_user_request_"
                with _open(front, desk.sample, lock):
                    if known is not None:
                        # Beside the people who are at the desk already: it looks at every open case.
                        threading.Thread(target=_reconcile, args=(desk, stop), daemon=True).start()
                    yield desk
                    say(f"Stopping{stop.reason}; the register is being saved …")
            finally:
                lock.tell(Doing.STOPPING)


@contextlib.contextmanager
def _open(front: Front, sample: Sample, lock: Lock) -> Iterator[None]:
    """The address answers; the desk's file and its lock say so."""
    threading.Thread(target=front.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
    try:
        deskfile.write(front.address, sample)
        lock.tell(Doing.RUNNING, front.address)
        yield
    finally:
        lock.tell(Doing.STOPPING)
        deskfile.remove()
        front.shutdown()


def _deployed() -> dict[str, Any] | None:
    with contextlib.suppress(FileNotFoundError, ValueError):
        known: dict[str, Any] = json.loads(DEPLOYED.read_text("utf-8"))
        return known
    return None


def _deployed_desk(cloud: OwnCloud, built: Package, address: str, known: Mapping[str, Any] | None) -> Desk:
    sample = read_sample()
    wanted = {"fingerprint": built.fingerprint, "address": address, "sample": sample.mark}
    if known is not None and all(known.get(key) == value for key, value in wanted.items()):
        return Desk(cloud, known["outputs"], address, sample)
    to = Destination(cloud.client, "suda-local", "suda-packages", REGION, ACCOUNT, pause_seconds=0.1)
    parameters = {
        "PublicBaseUrl": address,
        "MailFrom": "desk@suda.example",
        # Everybody comes from one address here, so what one address may do is not what keeps the others safe.
        "IntakesPerAddress": "3000",
        "SmsPerHourOfCommunity": "4000",
        "SmsPerHour": "8000",
        "RequestsPerAddress": "0",  # nobody else comes to this machine, and the emulator ties no firewall
        "RecordingsFrom": recordings_from(address),
        "RecordingsOverPlainHttp": "taken",
        "Version": version(),
    }
    with busy("Deploying the stack", say):
        desk = Desk(cloud, deploy(built, to, parameters), address, sample)
    with busy("Seeding the sample: communities, staff, roster, prices", say):
        _seed(desk)
        add_account(cloud.client("secretsmanager"), desk.outputs["SecretId"], SID, TOKEN)
        cloud.save()
    DEPLOYED.write_text(json.dumps({**wanted, "outputs": desk.outputs}), "utf-8")
    return desk


def _seed(desk: Desk) -> None:
    environment = {
        "PATH": os.environ.get("PATH") or os.defpath,
        **shifted_clock(os.environ),
        **desk.cloud.credentials(),
        "CASES_TABLE": desk.outputs["CasesTableName"],
        "DIRECTORY_TABLE": desk.outputs["DirectoryTableName"],
        "FIGURES_TABLE": desk.outputs["FiguresTableName"],
        "LINKS_TABLE": desk.outputs["LinksTableName"],
        "USER_POOL_ID": desk.outputs["UserPoolId"],
    }
    command = [sys.executable, "-m", "infra.local.seed"]
    done = subprocess.run(  # noqa: S603
        command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise CannotGoOnError(f"The sample could not be written: {done.stderr.strip().splitlines()[-1]}")


def _reconcile(desk: Desk, stop: Stop) -> None:
    """Timers do not run while the desk is off: what they missed is made good now, and told."""
    try:
        _, said = looked_after(desk.cloud.client("lambda"), desk.outputs["ReconcileFunction"], "start")
    except BotoCoreError:
        return  # the desk is being stopped; the next start looks again
    if stop.by is None:
        say(said)
