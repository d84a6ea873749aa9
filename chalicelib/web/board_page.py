"""The board of the day: numbers that lead to their cases (E1, B7)."""

from typing import Any
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.http.visits import Visit
from chalicelib.services.views.board import COUNTED, LATE, MOST_LINES, SOON, BoardRow, Count, board_of
from chalicelib.services.views.lists import COMMUNITY
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_choices import department_name
from chalicelib.web.formats import spoken_with_zone
from chalicelib.web.list_rows import duration
from chalicelib.web.rendering import Reader, page

BOARD = "board"


def board_page(reader: Reader, visit: Visit) -> Response:
    """How the open work of the community stands now."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    context, home = desk.context(member.community), f"desk/{member.community.id}"
    board = board_of(desk, member)

    def cell(count: Count) -> dict[str, Any]:
        address = f"{home}?{urlencode({'list': COMMUNITY, **count.filters.said})}" if count.number else ""
        burns = bool(count.number) and count.what in {SOON, LATE}
        return {
            "name": words(f"board.{count.what}"),
            "number": count.number,
            "address": address,
            "late": burns and count.what == LATE,
        }

    def row(counted: BoardRow, name: str) -> dict[str, Any]:
        off = words("board.off_duty") if counted.off_duty else ""
        return {"name": name, "off": off, "cells": [cell(count) for count in counted.counts]}

    return page(
        reader,
        "board.html",
        **framed(reader, visit, BOARD),
        title=words("board.title"),
        at=words("board.at", moment=spoken_with_zone(desk.now(), member.community.zone, words)),
        tiles=[cell(count) for count in board.total],
        signed=cell(board.signed),
        signing=duration(board.signing, words) if board.signing is not None else words("board.none_signed"),
        columns=[words(f"board.{what}") for what in COUNTED],
        tables=[
            (
                words("board.by_department"),
                [
                    row(counted, department_name(counted.of, context.community, words))
                    for counted in board.departments
                ],
            ),
            (
                words("board.by_person"),
                [row(counted, name_of(counted.of, context)) for counted in board.people],
            ),
        ],
        cut="" if board.counted_all else words("board.cut", most=str(MOST_LINES)),
        board_path=f"{home}/board",
        here=f"{reader.root}{home}/board",
    )
