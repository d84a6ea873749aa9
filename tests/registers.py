"""Household registers for tests, and what the desk sees of them (E9)."""

from datetime import date

from chalicelib.domain.community.households import Dweller, Household
from chalicelib.services.households.known import phone_key
from tests.browser import Browser, Form, html
from tests.builders import Office, community

PHONE = "+8613900001234"
OLD = Dweller("王芳", (PHONE,), care=True, consented_by="王芳", consented_on=date(2026, 1, 5))
PLACE = community()


def register_with(desk: Office, *households: Household) -> None:
    place = PLACE
    held = {desk.desk.unit_key(household.unit, place): household for household in households}
    phones = {phone for household in households for phone in household.phones()}
    keys = {phone: phone_key(desk.desk, place.id, phone) for phone in phones}
    desk.desk.households.put(place.id, {}, held, keys)
    desk.desk.households.set_count(place.id, len(held))


def found(browser: Browser, **typed: str) -> str:
    """What stands beside the form for what is typed."""
    new = "/desk/riverside/new"
    csrf = Form(html(browser.get(new))).forms["../../desk/riverside/new"]["csrf"]
    return html(browser.post(f"{new}/known", {**typed, "csrf": csrf}))
