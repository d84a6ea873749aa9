"""One call at the exchange: it follows the documents of the desk, step by step.

The loop of the exchange asks it again and again to go on (`tick`), since PJSIP wants one thread for all. What
takes longer, a request to the desk or the making of speech, is done by others, and the answer waited for.
"""

import contextlib
import hashlib
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pjsua2

from tests.telephone.exchange import twiml
from tests.telephone.exchange.recordings import Recordings
from tests.telephone.exchange.voice import SILENCE_BEHIND, Voice, seconds_of
from tests.telephone.exchange.webhooks import Account, post

LOUD = 12
"""The level from which it is speech (0 to 255)."""
CUE_SECONDS = 1.0
"""The caller's own keys are through by then; SIPp takes no message while it presses."""
CLOSING_SECONDS = 0.5
"""PJSIP closes a recording some time after it was let go."""

Waits = Callable[[], bool]


class Line(pjsua2.Call):  # type: ignore[misc]
    """A caller on the line."""

    def __init__(self, exchange: "Setting", account: Any, call_id: int) -> None:
        super().__init__(account, call_id)
        self._set = exchange
        info = self.getInfo()
        self.sip_id = info.callIdString
        self.sid = "CA" + hashlib.sha256(self.sip_id.encode()).hexdigest()[:32]
        self._from = _number(info.remoteUri)
        self._to = _number(info.localUri)
        self._keys = ""
        self._media: Any = None
        self._player: Any = None
        self._recorder: Any = None
        self._asked: Future[Any] | None = None
        self._asked_url = ""
        self._run: Any = self._follow(exchange.webhook)
        self.is_over = False
        self._was_ended = self._hung_up = False
        self._cue_at: float | None = None

    # ---- what PJSIP tells ------------------------------------------------------------------------------
    def onCallState(self, prm: Any) -> None:
        """The caller may have hung up."""
        info = self.getInfo()  # kept in a variable: SWIG frees it else
        if info.state == pjsua2.PJSIP_INV_STATE_DISCONNECTED:
            self._was_ended = True

    def onCallMediaState(self, prm: Any) -> None:
        """The sound of the call is there."""
        info = self.getInfo()
        for place, media in enumerate(info.media):
            if media.type == pjsua2.PJMEDIA_TYPE_AUDIO and media.status == pjsua2.PJSUA_CALL_MEDIA_ACTIVE:
                self._media = self.getAudioMedia(place)

    def onDtmfDigit(self, prm: Any) -> None:
        """A key; it is kept until somebody asks for it."""
        self._keys += prm.digit

    # ---- going on --------------------------------------------------------------------------------------
    def tick(self) -> None:
        """Go on as far as can be gone without waiting."""
        if self.is_over:
            return
        try:
            self._cue()
            next(self._run)
        except StopIteration:
            self._hang_up()
            if self._was_ended:
                self._tell_the_end()
                self.is_over = True
        except Exception:  # one call that goes wrong ends no other
            traceback.print_exc()
            self._run = iter(())

    def _cue(self) -> None:
        """Tell SIPp, which hears nothing, that the caller's turn has come."""
        if self._cue_at is None or time.monotonic() < self._cue_at:
            return
        self._cue_at = None
        if not self._was_ended:
            cue = pjsua2.CallSendRequestParam()
            cue.method = "INFO"
            self.sendRequest(cue)

    def _follow(self, url: str) -> Any:
        """Follow the documents from an address; it yields whenever it has to wait."""
        while self._media is None and not self._was_ended:
            yield
        extra: dict[str, str] = {}
        while url:
            steps = yield from self._document(url, extra)
            url, extra = "", {}
            for step in steps:
                if self._was_ended:
                    return
                done = yield from self._do(step)
                if done is not None:
                    url, extra = done
                    break

    def _document(self, url: str, extra: dict[str, str]) -> Any:
        status, body = yield from self._other(post, self._set.account, url, self.form(**extra))
        self._set.say(f"{self.sid[:8]} {_step(url):12} {extra.get('Digits', ''):12} → {status}")
        if status != 200:
            return [twiml.Say("An application error has occurred. Goodbye.", "en-US"), twiml.Hangup()]
        return twiml.steps_of(body, url)

    def _do(self, step: twiml.Step) -> Any:
        """Do a step; where to go on from it and with what, None for the next step."""
        match step:
            case twiml.Say():
                yield from self._play(step)
            case twiml.Pause():
                yield from self._wait(step.seconds)
            case twiml.Gather():
                return (yield from self._gather(step))
            case twiml.Record():
                return (yield from self._record(step))
            case twiml.Redirect():
                return step.url, {}
            case twiml.Dial():
                yield from self._wait(1.0)
                status = "completed" if self._set.person_answers else "no-answer"
                self._set.say(f"{self.sid[:8]} rang {step.number}: {status}")
                return (step.action, {"DialCallStatus": status}) if step.action else None
            case twiml.Hangup():
                return "", {}
        return None

    def _gather(self, step: twiml.Gather) -> Any:
        def pressed() -> bool:
            return bool(self._keys)

        self._cue_at = time.monotonic() + CUE_SECONDS
        for prompt in step.prompts:
            if pressed():
                break
            if isinstance(prompt, twiml.Pause):
                yield from self._wait(prompt.seconds, pressed)
            else:
                yield from self._play(prompt, pressed)
        keys, since = "", time.monotonic()
        while time.monotonic() - since < step.timeout and not self._was_ended:
            if not self._keys:
                yield
                continue
            key, self._keys, since = self._keys[0], self._keys[1:], time.monotonic()
            if key in step.finish:
                return step.action, {"Digits": keys, "FinishedOnKey": key}
            keys += key
            if len(keys) == step.most:
                return step.action, {"Digits": keys}
        if self._was_ended:
            return None
        return (step.action, {"Digits": keys}) if keys or step.also_empty else None

    def _record(self, step: twiml.Record) -> Any:
        if step.beep:
            yield from self._sound(self._set.voice.beep())
        sid = "RE" + hashlib.sha256(f"{self.sid}{time.monotonic_ns()}".encode()).hexdigest()[:32]
        path = self._set.recordings.file(sid).with_suffix(".open.wav")
        self._recorder = pjsua2.AudioMediaRecorder()
        self._recorder.createRecorder(str(path))
        if self._media is not None and not self._was_ended:
            self._media.startTransmit(self._recorder)
        began = heard_at = time.monotonic()
        self._cue_at = began + CUE_SECONDS
        heard, ended_by = False, ""
        while not self._was_ended and time.monotonic() - began < step.longest:
            if self._media.getTxLevel() > LOUD:  # towards the bridge: what the caller says
                heard, heard_at = True, time.monotonic()
            if self._keys:
                ended_by, self._keys = self._keys[0], self._keys[1:]
                if ended_by in step.finish:
                    break
            if time.monotonic() - heard_at > step.timeout:
                break
            yield
        if self._was_ended:
            ended_by = "hangup"
        if not self._was_ended:
            self._media.stopTransmit(self._recorder)
        self._recorder = None  # let go: PJSIP closes the file after a while
        until = time.monotonic() + CLOSING_SECONDS
        while time.monotonic() < until:
            yield
        if not heard:
            return None  # as with Twilio: no recording, on with the next step
        path.rename(self._set.recordings.file(sid))
        told = {
            "RecordingSid": sid,
            "RecordingUrl": self._set.recordings.url(sid),
            "RecordingDuration": str(round(seconds_of(self._set.recordings.file(sid)))),
        }
        self._set.say(f"{self.sid[:8]} recorded {told['RecordingDuration']} s")
        if step.told:
            form = {**self.form(**told), "RecordingStatus": "completed"}
            self._set.others.submit(post, self._set.account, step.told, form)
        done = step.action, {**told, "Digits": ended_by}
        if self._was_ended:  # it is asked once more, to tell of the recording; nobody follows the answer
            self._set.others.submit(post, self._set.account, done[0], self.form(**done[1]))
            return None
        return done

    # ---- sound and time --------------------------------------------------------------------------------
    def _play(self, said: twiml.Say, broken_off: Waits = lambda: False) -> Any:
        path = yield from self._other(self._set.voice.file, said.text, said.language)
        yield from self._sound(path, broken_off)

    def _sound(self, path: Path, broken_off: Waits = lambda: False) -> Any:
        if self._was_ended:
            return
        self._player = pjsua2.AudioMediaPlayer()
        self._player.createPlayer(str(path), pjsua2.PJMEDIA_FILE_NO_LOOP)
        self._player.startTransmit(self._media)
        yield from self._wait(seconds_of(path) - SILENCE_BEHIND, broken_off)
        if not self._was_ended:
            self._player.stopTransmit(self._media)
        self._player = None

    def _wait(self, seconds: float, broken_off: Waits = lambda: False) -> Any:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._was_ended and not broken_off():
            yield

    def _other(self, work: Callable[..., Any], *given: Any) -> Any:
        """What somebody else does meanwhile."""
        asked = self._set.others.submit(work, *given)
        while not asked.done():
            yield
        return asked.result()

    # ---- the end ---------------------------------------------------------------------------------------
    def _hang_up(self) -> None:
        if self._was_ended or self._hung_up:
            return
        self._hung_up = True
        with contextlib.suppress(pjsua2.Error):  # the caller was faster
            self.hangup(pjsua2.CallOpParam())

    def _tell_the_end(self) -> None:
        self._set.say(f"{self.sid[:8]} has ended")
        form = {**self.form(), "CallStatus": "completed", "CallDuration": "1"}
        self._set.others.submit(post, self._set.account, self._set.status_url, form)

    def form(self, **extra: str) -> dict[str, str]:
        """What Twilio posts with every request."""
        return {
            "CallSid": self.sid,
            "AccountSid": self._set.account.sid,
            "From": self._from,
            "To": self._to,
            "Caller": self._from,
            "Called": self._to,
            "CallStatus": "completed" if self._was_ended else "in-progress",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            **extra,
        }


class Setting:
    """What all lines of an exchange share."""

    def __init__(
        self,
        webhook: str,
        status_url: str,
        account: Account,
        voice: Voice,
        recordings: Recordings,
        others: Executor,
        *,
        person_answers: bool,
    ) -> None:
        self.webhook, self.status_url, self.account = webhook, status_url, account
        self.voice, self.recordings, self.others = voice, recordings, others
        self.person_answers = person_answers

    def say(self, text: str) -> None:
        """Tells whoever watches."""
        print(text, flush=True)


def _number(uri: str) -> str:
    """The number in a SIP address: `<sip:+8613800138001@127.0.0.1>` → `+8613800138001`."""
    return uri.partition("sip:")[2].partition("@")[0]


def _step(url: str) -> str:
    """What an address asks the desk for: the part before its state."""
    parts = url.partition("/voice/")[2].split("/")
    return parts[1] if len(parts) > 1 else "call"
