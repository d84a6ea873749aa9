"""Three stories, played through the API and the links in the messages as people would.

Each returns what the tracking link shows at the end, so that a test can look at it. The community must
run under a regulation whose limits are seconds.
"""

import time
from collections.abc import Callable
from typing import Any

from infra.local.player import Player, code_in

Tell = Callable[[str], None]

DEMO_COMMUNITY = "yanshi"


def ordinary_repair(player: Player, tell: Tell) -> Any:
    """A dripping tap: reported, assigned, signed for, repaired, rated, closed."""
    tell("Ms Sun in 3-2-1201 reports a dripping tap with the web form.")
    number, track = _report(
        player, tell, "厨房水龙头一直滴水，关不紧，麻烦师傅来看看。", "home_other", "repair"
    )
    work = code_in(player.wait_for(number, "/l/").text)
    tell("The handler opens the link in that SMS, signs for the case, goes there, and mends it.")
    player.use_link(work, "sign", signature="丁强")
    player.use_link(work, "start")
    player.use_link(work, "progress", note="阀芯老化，正在更换。")
    player.use_link(work, "complete", result="更换水龙头阀芯，试水十分钟不再滴漏。")
    survey = code_in(player.wait_for(number, "评价|满意").text)
    tell("Ms Sun opens the survey and gives five stars; the case is closed.")
    player.use_link(survey, "rate", score=5, comment="来得快，修得好。")
    player.wait_for(number, "关闭|办结|结束|感谢")
    return _end(player, tell, track)


def nobody_signs(player: Player, tell: Tell) -> Any:
    """Noise at night that nobody signs for: it climbs the ladder to the manager, and is solved late."""
    tell("Mr Zhou complains about a humming pump. Whoever gets the case leaves it lying.")
    number, track = _report(player, tell, "地下水泵夜里嗡嗡响，吵得睡不着。", "equipment_noise", "complaint")
    work = code_in(player.wait_for(number, "/l/").text)
    tell("Nobody signs. The handler is reminded, then the supervisor is told, then the manager.")
    player.wait_for(number, "未签收|签收")
    player.wait_for(number, "升级|上报|经理|主管")
    player.wait_for(number, "升级|上报|经理|主管")
    tell("Now it gets done, but the time to solve it runs out first.")
    _wait_until_overdue(player, track)
    player.use_link(work, "sign", signature="处理人")
    player.use_link(work, "complete", result="更换水泵减震垫，夜间复测噪声合格。")
    survey = code_in(player.wait_for(number, "评价|满意").text)
    player.use_link(survey, "rate", score=4, comment="最后修好了，就是慢了点。")
    player.wait_for(number, "关闭|办结|结束|感谢")
    return _end(player, tell, track)


def rated_badly(player: Player, tell: Tell) -> Any:
    """A corridor badly cleaned: rated one star, reopened as a second round, done again, closed."""
    tell("Ms He complains about a dirty corridor; it is cleaned, but badly.")
    number, track = _report(player, tell, "12楼走廊积灰严重，垃圾两天没人收。", "cleaning", "complaint")
    work = code_in(player.wait_for(number, "/l/").text)
    player.use_link(work, "sign", signature="姚红")
    player.use_link(work, "complete", result="已清扫走廊。")
    survey = code_in(player.wait_for(number, "评价|满意").text)
    tell("She gives one star. The same case opens a second round, and goes to somebody else.")
    player.use_link(survey, "rate", score=1, comment="只扫了一半，垃圾还在。")
    player.wait_for(number, "重新|再次|第2")
    again = code_in(player.wait_for(number, "/l/").text)
    player.use_link(again, "sign", signature="接手人")
    player.use_link(again, "complete", result="垃圾清运完毕，走廊拖洗两遍，已请住户验看。")
    survey = code_in(player.wait_for(number, "评价|满意").text)
    tell("This time she is content.")
    player.use_link(survey, "rate", score=5)
    player.wait_for(number, "关闭|办结|结束|感谢")
    return _end(player, tell, track)


STORIES = (ordinary_repair, nobody_signs, rated_badly)


def _report(player: Player, tell: Tell, text: str, matter: str, kind: str) -> tuple[str, str]:
    receipt = player.report(
        DEMO_COMMUNITY,
        text=text,
        unit="3-2-1201",
        name="孙女士",
        phone="13800138001",
        channel="web",
        kind=kind,
        matter=matter,
    )
    number, track = receipt["number"], code_in(receipt["tracking_url"])
    tell(f"The desk answers at once with the number {number} and a link to follow it.")
    player.wait_for(number, "登记|受理")
    return number, track


def _wait_until_overdue(player: Player, track: str) -> None:
    until = time.monotonic() + 60
    while not player.look(track)["overdue"] and time.monotonic() < until:
        time.sleep(0.5)


def _end(player: Player, tell: Tell, track: str) -> Any:
    seen = player.look(track)
    tell(f"The tracking page says: {seen['state']}, round {seen['round']}.")
    return seen
