"""What a file is, by its bytes, and what of it is kept (A3)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.content.checking import checked
from chalicelib.domain.content.kinds import KINDS, MB, REFUSALS, FileRefusedError
from tests import content as made

SAMPLES = {
    "jpg": made.jpeg(),
    "png": made.png(),
    "webp": made.webp(),
    "heic": made.heic(),
    "mp4": made.film(),
    "mov": made.film(b"qt  "),
    "webm": made.webm(b"V_VP9"),
    "weba": made.webm(),
    "m4a": made.film(b"M4A ", (b"soun",)),
    "mp3": made.mp3(),
    "wav": made.wav(),
    "ogg": made.ogg(),
    "amr": made.AMR,
    "pdf": made.pdf(),
}


@pytest.mark.req("A3")
@pytest.mark.parametrize("ending", KINDS)
def test_a_file_is_what_its_bytes_say_and_tells_no_place(ending: str) -> None:
    found = checked(SAMPLES[ending])
    assert found.kind == KINDS[ending]
    assert made.PLACE not in found.data
    assert checked(found.data) == found, "what is kept is taken again as it is"


@pytest.mark.parametrize("ending", sorted(set(KINDS) - {"webm", "weba", "ogg", "amr", "mp3"}))
def test_a_file_that_breaks_off_is_not_taken(ending: str) -> None:
    whole = SAMPLES[ending]
    for length in range(12, len(whole) - 1, max(1, len(whole) // 60)):
        with pytest.raises(FileRefusedError) as refused:
            checked(whole[:length])
        assert refused.value.reason in {"file_broken", "file_heic", "file_unknown"}, (
            f"{ending} of {length} bytes"
        )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file_empty"),
        (b"MZ\x90\0 a program", "file_program"),
        (b"\x7fELF", "file_program"),
        (b"#!/bin/sh\nrm -rf /", "file_program"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "file_program"),
        (b"\xef\xbb\xbf \n<!doctype html>", "file_program"),
        (b"PK\x03\x04 an archive", "file_program"),
        (b"PK\x03\x04 word/document.xml", "file_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "file_office"),
        (b"GIF89a", "file_unknown"),
        (b"just words", "file_unknown"),
        (b" %PDF-1.4 %%EOF", "file_unknown"),
        (made.pdf()[:-8], "file_broken"),
        (made.png(width=20_000, height=20_000), "file_pixels"),
        (made.jpeg(width=60_000, height=60_000), "file_pixels"),
        (
            made.riff(b"WEBP", (b"VP8X", bytes(4) + b"\xff\xff\0\xff\xff\0"), (b"VP8L", bytes(5))),
            "file_pixels",
        ),
        (made.riff(b"WEBP", (b"VP8L", b"\x2f\xff\xff\xff\x0f")), "file_pixels"),
        (made.riff(b"WEBP", (b"VP8 ", b"\0\0\0\x9d\x01\x2a\xff\x3f\xff\x3f")), "file_pixels"),
        (made.film(handlers=(b"meta",)), "file_broken"),
        (made.png(width=8000, height=6000), "file_pixels"),
        (made.heic(side=20_000), "file_pixels"),
        (made.heic(lost=True), "file_heic"),
        (made.heic()[:-9], "file_heic"),
        (b"PK\x03\x04\x14\x00\x01\x00\x08\x00 a locked archive", "file_program"),
        (b"\x1f\x8b\x08 an SVG, packed", "file_program"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "file_program"),
        ("\ufeff<svg onload='alert(1)'/>".encode("utf-16-le"), "file_program"),
    ],
)
def test_what_is_not_taken_says_what_would_be_right(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        checked(data)
    assert (refused.value.reason, refused.value.message) == (reason, REFUSALS[reason])


@pytest.mark.req("A3")
def test_what_hides_behind_a_picture_is_gone() -> None:
    for made_of in (made.jpeg, made.png, made.ogg):
        plain, polyglot = made_of(), made_of(tail=b"PK\x03\x04<script>alert(1)</script>")
        assert checked(polyglot) == checked(plain)


@pytest.mark.req("A3")
@pytest.mark.parametrize("marker", [0xE0, 0xE1, 0xE5, 0xED, 0xFE])
def test_no_page_hides_within_a_picture(marker: int) -> None:
    """A picture that is a web page too has that before its first line of points."""
    page = b"<html><script>alert(1)</script><!--"
    polyglot = b"\xff\xd8" + made.segment(marker, page) + made.jpeg()[2:]
    assert checked(polyglot) == checked(made.jpeg())


@pytest.mark.req("A1", "A3")
def test_a_voice_that_broke_off_is_heard_up_to_there() -> None:
    whole = made.ogg() + made.ogg_page(b"more" * 20, 1920)
    assert checked(whole[:-7]).data == made.ogg()
    with pytest.raises(FileRefusedError):
        checked(made.ogg()[:40])
    streamed = bytearray(made.riff(b"WAVE", (b"fmt ", bytes(16)), (b"data", b"what was said")))
    streamed[4:8] = streamed[40:44] = b"\xff\xff\xff\xff"
    kept = checked(bytes(streamed[:-1])).data
    assert kept == made.riff(b"WAVE", (b"fmt ", bytes(16)), (b"data", b"what was said"))


@pytest.mark.parametrize("hidden", [b"<script>alert(1)</script>", b"PK\x03\x04"])
def test_what_only_begins_as_a_recording_is_none(hidden: bytes) -> None:
    begins = (b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm", b"OggS" + bytes(24) + b"OpusHead", made.webm(b"none"))
    for beginning in begins:
        with pytest.raises(FileRefusedError) as refused:
            checked(beginning + hidden)
        assert refused.value.reason == "file_broken"


@pytest.mark.req("A3")
def test_the_photo_of_a_good_camera_is_taken() -> None:
    assert checked(made.jpeg(width=8192, height=6144)).kind.ending == "jpg", "50 million points"


@pytest.mark.req("A3")
def test_a_picture_stays_the_way_up_it_was_taken() -> None:
    assert b"Exif\0\0MM" in checked(made.jpeg(orientation=6)).data
    assert b"Exif" not in checked(made.jpeg(orientation=1)).data
    kept = checked(made.jpeg(orientation=8)).data
    assert checked(kept).data == kept
    assert b"ICC_PROFILE" in kept
    assert b"\x12\xff\x00\x34\xff\xd0\x56" in kept, "the picture itself"


def test_a_box_keeps_its_length_so_that_nothing_moves() -> None:
    film = made.film()
    assert len(checked(film).data) == len(film)
    assert checked(film).data.endswith(b"frames")


@pytest.mark.parametrize("method", [0, 1])
def test_the_place_of_a_heic_is_zeros_wherever_it_stands(method: int) -> None:
    whole = made.heic(method=method)
    kept = checked(whole).data
    assert kept == whole.replace(made.PLACE, bytes(len(made.PLACE)))


def test_each_sort_has_its_own_size() -> None:
    with pytest.raises(FileRefusedError, match="15 MB"):
        checked(made.jpeg() + bytes(16 * MB))
    with pytest.raises(FileRefusedError, match="25 MB"):
        checked(made.mp3() + bytes(26 * MB))


@pytest.mark.parametrize("ending", KINDS)
@given(data=st.data())
def test_no_bytes_make_a_fault_of_ours(ending: str, data: st.DataObject) -> None:
    """Any byte of a sound file changed, and any end cut off: it is taken or refused, nothing else."""
    whole = bytearray(SAMPLES[ending])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(FileRefusedError):
        checked(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
