"""The way from a telephone number to what is kept of it, as somebody goes it on the pages (G24)."""

import re

from tests.browser import Browser, Form, html
from tests.sending import send

NUMBER = "139 0000 1234"


def code_asked_for(browser: Browser, where: str) -> tuple[dict[str, str], dict[str, str], str]:
    """The form as it was drawn, that of the code after the number was sent, and the code of the SMS."""
    forms = Form(html(browser.get(where))).forms
    drawn = next(fields for action, fields in forms.items() if action.endswith("my-data"))
    asked = browser.post(where, {**drawn, "phone": NUMBER})
    (kept,) = [form for form in Form(html(asked)).forms.values() if form.get("do") == "prove"]
    place = browser.office
    place.sms.sent.clear()
    send(place)
    code = re.search(r"验证码(\d{6})", place.sms.sent[-1][1])
    assert code is not None
    return drawn, kept, code[1]
