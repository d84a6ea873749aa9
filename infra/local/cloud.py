"""The process of the embedded cloud: started, watched and stopped.

Its boto3 clients come from here too.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from infra.local.environments import cloud_python
from infra.places import DESK, PROJECT
from infra.problems import CannotGoOnError

REGION = "ap-southeast-1"
ACCOUNT = "000000000000"
STATE = DESK / "state"
SCRATCH = DESK / "scratch"
LOG = DESK / "cloud.log"
RECORD = DESK / "cloud.json"

LONGEST_START_SECONDS = 30
LONGEST_STOP_SECONDS = 30
SAVE_SECONDS = 3
WORKERS_PER_FUNCTION = 2

LIBFAKETIME = "libfaketime"
FAKETIME = (
    "LD_PRELOAD",
    "FAKETIME",
    "FAKETIME_SHARED",
    "FAKETIME_DONT_FAKE_MONOTONIC",
    "FAKETIME_DONT_RESET",
    "FAKETIME_NO_CACHE",
    "FAKETIME_TIMESTAMP_FILE",
)
"""The variables by which libfaketime shifts a process's clock (faketime(1))."""


class Cloud:
    """A running embedded cloud, on 127.0.0.1 only."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        """The boto3 client of a service, as the account's root."""
        connect: Any = boto3.client
        return connect(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106  the emulator's root has no secret
            config=Config(s3={"addressing_style": "path"}, read_timeout=300, max_pool_connections=32),
        )

    def credentials(self) -> dict[str, str]:
        """The environment in which boto3 talks to this cloud and to nothing else."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def get(self, path: str) -> Any:
        """What one of the emulator's own addresses answers, for looking inside."""
        with urllib.request.urlopen(self.endpoint + path, timeout=30) as answer:  # noqa: S310
            return json.loads(answer.read())

    def save(self) -> None:
        """Has everything saved now; by itself it saves only what moves, every few seconds."""
        request = urllib.request.Request(f"{self.endpoint}/_suda/save", method="POST")  # noqa: S310
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310


class OwnCloud(Cloud):
    """The embedded cloud that this process has started."""

    def __init__(self, endpoint: str, process: "subprocess.Popen[bytes]") -> None:
        super().__init__(endpoint)
        self._process = process

    def is_running(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Stops it and waits until its state is saved."""
        self._process.terminate()
        try:
            self._process.wait(LONGEST_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # its workers too
            self._process.wait()
        RECORD.unlink(missing_ok=True)


def cloud_of_the_running_desk() -> Cloud:
    """The cloud that another process of this checkout has started.

    For reading its messages and its meter.

    Raises:
        CannotGoOnError: There is none.
    """
    try:
        return Cloud(json.loads(RECORD.read_text("utf-8"))["endpoint"])
    except FileNotFoundError as err:
        raise CannotGoOnError("No desk of this checkout is running: start it with `make run`.") from err


@contextlib.contextmanager
def running_cloud(lock: int) -> Iterator[OwnCloud]:
    """An embedded cloud with its state of the last time.

    It is stopped and saved at the end.

    Args:
        lock: The file descriptor of the desk's lock; the process holds it too, so that nobody takes the
            state while it is still saving.

    Raises:
        CannotGoOnError: It does not start; says where its log is.
    """
    cloud = _start(lock)
    try:
        _wait_until_it_answers(cloud)
        yield cloud
    finally:
        cloud.stop()


def was_killed() -> bool:
    """Whether the last cloud was killed before it could save.

    Its state is then that of the last save.
    """
    return not (STATE / "ended-cleanly").exists()


def forget_state() -> None:
    """Throws the saved state away; for one that was never whole."""
    shutil.rmtree(STATE, ignore_errors=True)


def _start(lock: int) -> OwnCloud:
    python = cloud_python()
    shutil.rmtree(SCRATCH, ignore_errors=True)
    for folder in (STATE, SCRATCH):
        folder.mkdir(parents=True, exist_ok=True)
    for path in (DESK, STATE, LOG, *STATE.rglob("*")):  # an earlier release left them open to all
        if path.exists():
            path.chmod(0o700 if path.is_dir() else 0o600)
    port = _free_port()
    with LOG.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [str(python), str(PROJECT / "infra" / "local" / "emulator")],
            stdin=subprocess.PIPE,  # its end tells the emulator that we are gone
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment_of(port),
            start_new_session=True,  # Ctrl-C is for us, and we stop it then, with all that it has started
            pass_fds=(lock,),
        )
    endpoint = f"http://127.0.0.1:{port}"
    RECORD.write_text(json.dumps({"endpoint": endpoint}), "utf-8")
    return OwnCloud(endpoint, process)


def environment_of(port: int) -> dict[str, str]:
    """All that the emulator and the functions in it see: nothing of ours, so no account of AWS either.

    But for the clock, where `faketime` shifts it: it would be one in front and another behind.
    """
    return {
        **shifted_clock(os.environ),
        "PATH": os.environ.get("PATH") or os.defpath,
        "HOME": str(SCRATCH),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(SCRATCH),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "MINISTACK_WORKER_THREADS": "256",
        "AUTH": "true",  # our policies count here too: what a function may not do on AWS fails here
        "PERSIST_STATE": "1",
        "STATE_DIR": str(STATE),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(STATE / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "SUDA_SAVE_SECONDS": str(SAVE_SECONDS),
        "SUDA_WORKERS_PER_FUNCTION": str(WORKERS_PER_FUNCTION),
    }


def shifted_clock(given: Mapping[str, str]) -> dict[str, str]:
    """What of an environment shifts the clock of a process: libfaketime's; empty where nothing does."""
    if LIBFAKETIME not in given.get("LD_PRELOAD", ""):
        return {}
    return {name: given[name] for name in FAKETIME if name in given}


def _wait_until_it_answers(cloud: OwnCloud) -> None:
    for _ in range(LONGEST_START_SECONDS * 10):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            cloud.get("/_ministack/health")
            return
        if not cloud.is_running():
            break
        time.sleep(0.1)
    raise CannotGoOnError(f"The embedded cloud did not start; its log is {LOG}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
