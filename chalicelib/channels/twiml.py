"""TwiML: what a telephone exchange is told to do with a call."""

from html import escape

XML = "text/xml; charset=utf-8"
NOTHING = "<?xml version='1.0' encoding='UTF-8'?>\n<Response/>"
"""For a message that is only told: the call goes on as it was."""
HANG_UP = "<Hangup/>"


def document(*verbs: str) -> str:
    """The document with these verbs, one after another."""
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<Response>{''.join(verbs)}</Response>"


def say(text: str, voice: str) -> str:
    """Speak a text in the voice of a language (`zh-CN`)."""
    return f'<Say language="{escape(voice)}">{escape(text)}</Say>'


def pause(seconds: int) -> str:
    """Wait."""
    return f'<Pause length="{seconds}"/>'


def ask_key(action: str, *prompts: str, timeout: int = 6) -> str:
    """Wait for one key, which is posted to `action`; without one the next verb follows."""
    return (
        f'<Gather action="{escape(action)}" method="POST" numDigits="1" timeout="{timeout}" '
        f'finishOnKey="">{"".join(prompts)}</Gather>'
    )


def ask_keys(action: str, *prompts: str, timeout: int = 8) -> str:
    """Wait for keys up to `#`: they are posted to `action`, also where there are none."""
    return (
        f'<Gather action="{escape(action)}" method="POST" timeout="{timeout}" finishOnKey="#" '
        f'actionOnEmptyResult="true">{"".join(prompts)}</Gather>'
    )


def record(action: str, told: str, *, longest: int, silence: int) -> str:
    """Record what is said: until `#`, so many seconds of silence, or the longest time in seconds.

    `told` hears when the recording can be fetched. Where nothing was said the next verb follows.
    """
    return (
        f'<Record action="{escape(action)}" method="POST" maxLength="{longest}" timeout="{silence}" '
        f'finishOnKey="#" playBeep="true" recordingStatusCallback="{escape(told)}" '
        f'recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed"/>'
    )


def dial(number: str, action: str, *, seconds: int) -> str:
    """Connect to a person; what became of it is posted to `action`."""
    return (
        f'<Dial action="{escape(action)}" method="POST" timeout="{seconds}">'
        f"<Number>{escape(number)}</Number></Dial>"
    )


def go_on(address: str) -> str:
    """Go on with another document."""
    return f'<Redirect method="POST">{escape(address)}</Redirect>'
