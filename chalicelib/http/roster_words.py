"""The words of a table of turns: its headings, what a line is, and the days of a week (B14)."""

from collections.abc import Mapping

from chalicelib.domain.community.roster import EXTRA, LEAVE

WEEKLY = "weekly"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "kind": ("类别", "类型", "类别(每周/加班/请假)", "類別", "類型", "kind"),
    "department": ("部门", "部門", "department"),
    "person": ("人员", "姓名", "值班人", "账号", "人員", "帳號", "person"),
    "days": ("星期", "每周哪几天", "周几", "每週哪幾天", "週幾", "days"),
    "starts": ("开始", "开始时间", "起", "開始", "開始時間", "from"),
    "ends": ("结束", "结束时间", "止", "結束", "結束時間", "to"),
}
"""What a column is → the headings by which it is known; the first and the last are told to readers."""
NEEDED = ("kind", "person", "starts", "ends")

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("每周", "每周班次", "固定班次", "每週", "每週班次", "weekly"), WEEKLY),
    **dict.fromkeys(("加班", "临时", "临时班次", "臨時", "臨時班次", "extra"), EXTRA),
    **dict.fromkeys(("请假", "休假", "請假", "leave"), LEAVE),
}
"""What a line may be called → what it is."""

EVERY_DAY = frozenset({"每天", "每日", "天天", "everyday", "daily", "all"})
DAYS: Mapping[str, int] = {
    **{word: day for day, word in enumerate("一二三四五六日")},
    **{str(day + 1): day for day in range(7)},
    **dict.fromkeys(("天", "七"), 6),
    **{word: day for day, word in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
}
"""The names of days without what stands before them (周, 星期) → the weekday; a file counts from 1."""
