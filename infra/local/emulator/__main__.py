"""Starts ministack with our corrections. Runs under the environment of the embedded cloud, by path:

    .local/cloud-environment/bin/python infra/local/emulator

It stops cleanly, saving its state, on SIGTERM, and when the one who started it is gone (its standard
input comes to an end): so no forgotten cloud keeps its port, and killing the desk loses no case.
"""

import os
import signal
import sys
import threading
from pathlib import Path

import corrections
import guard
import meter
import sign_ins
import templates
from journal import Journal
from ministack import app as ministack
from ministack.core import iam_actions, lambda_runtime
from ministack.services import cognito, dynamodb, lambda_svc, stepfunctions
from ministack.services.cloudformation import provisioners
from saving import Saver


def main() -> None:
    """Corrects the emulator, then runs it until it is told to stop."""
    os.umask(0o077)  # what it writes is the register, with whoever reported
    meter.watch(dynamodb, lambda_svc)
    corrections.queue_calls_beyond(lambda_svc, int(os.environ["SUDA_WORKERS_PER_FUNCTION"]))
    corrections.unpack_code_once(lambda_runtime)
    corrections.show_logs(lambda_svc)
    corrections.name_errors_by_their_class(lambda_svc)
    corrections.deliver_streams_as_lambda_does(lambda_svc)
    corrections.keep_undelivered_records_over_a_restart(dynamodb, lambda_svc)
    corrections.honour_timeout_paths(stepfunctions)
    corrections.fail_token_tasks_whose_function_fails(stepfunctions)
    corrections.authorize_mails_by_their_sender(iam_actions)
    templates.take_alarms_over_sums(provisioners)
    sign_ins.keep_the_time_of_signing_in(cognito)
    state = Path(os.environ["STATE_DIR"])
    journal = Journal(state)
    journal.watch(dynamodb)
    seconds = float(os.environ["SUDA_SAVE_SECONDS"])
    saver = Saver(ministack.app, ministack, seconds, state / "ended-cleanly", journal)
    ministack.app = guard.guarding(meter.answering(saver))
    threading.Thread(target=_stop_when_left_alone, daemon=True).start()
    sys.argv = ["ministack"]
    ministack.main()


def _stop_when_left_alone() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
