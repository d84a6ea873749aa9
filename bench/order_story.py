"""A case as `journey` plays it, with a work order, three pictures and a signature (B9, A3)."""

import io
import urllib.request
import uuid

from infra.local.player import Player, code_in
from tests.content import drawn

BOUNDARY = "----suda"


def play_order(player: Player, community: str, staff: dict[str, str], place: int) -> str:
    """From the report with three pictures to the signature and the statistician; the case's number.

    `staff` has the tokens of cashier and statistician: whoever signs in does so once a day, not once a case.
    """
    unit, key = f"3-2-{1401 + place}", uuid.uuid4().hex
    files = [_handed_in(player, community, key) for _ in range(3)]
    receipt = player.report(
        community,
        key=key,
        channel="web",
        text="厨房水龙头一直滴水，关不紧，换一个要多少钱？",
        unit=unit,
        name="孙女士",
        phone=f"1380014{8001 + place}",
        kind="repair",
        matter="home_other",
        files=files,
    )
    number, track = str(receipt["number"]), code_in(receipt["tracking_url"])
    player.look(track)
    work = code_in(player.wait_for(f"派单.*{unit}").text)
    player.look(work)
    player.use_link(work, "sign", signature="丁强")
    player.look(work)
    player.use_link(work, "propose", cause="阀芯老化", plan="更换水龙头", price_item="tap")
    player.use_link(work, "sign_agreement", spoken_to="孙女士", signature=drawn())
    player.use_link(work, "compare_item", actual="水龙头阀芯", differs=False)
    player.use_link(work, "complete", result="更换水龙头阀芯，试水十分钟不再滴漏。")
    player.use_link(work, "bill", labour_fen=3000, material_fen=0)
    player.use_link(work, "accept_work", resident_name="孙女士", signature=drawn())
    commands = f"/v1/communities/{community}/cases/{number}/commands"
    paid = {"paid_fen": 3000, "receipt": f"SJ-{place}"}
    player.call("POST", f"{commands}/record_payment", paid, staff["agent"])
    player.call("POST", f"{commands}/sign_account", {}, staff["supervisor"])
    rate(player, number, track)
    return number


def rate(player: Player, number: str, track: str) -> None:
    """The resident rates the work by the link of the survey, and sees the case closed."""
    survey = code_in(player.wait_for(f"{number}.*评价").text)
    player.look(survey)
    player.use_link(survey, "rate", score=5, comment="来得快，修得好。")
    player.wait_for(f"{number}.*结案")
    player.look(track)


def _handed_in(player: Player, community: str, key: str) -> str:
    """A picture, put into the bucket with a ticket as a browser does; its name."""
    data = _photo()
    ticket = player.call(
        "POST", f"/v1/communities/{community}/files", {"type": "image/jpeg", "size": len(data)}, key=key
    )
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode()
        for name, text in ticket["fields"].items()
    ]
    parts.append(b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + data)
    mark = f"--{BOUNDARY}".encode()
    body = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = urllib.request.Request(ticket["address"], body, kind)  # noqa: S310  http on 127.0.0.1
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        assert answer.status < 300
    return str(ticket["file"])


def _photo() -> bytes:
    """A photo of two million points, as browsers make them smaller before they send them."""
    from PIL import Image

    written = io.BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(written, "JPEG", quality=80)
    return written.getvalue()
