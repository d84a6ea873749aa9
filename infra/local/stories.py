"""Three stories, played through the API and the links in the messages as people would.

Each returns what the tracking link shows at the end, so that a test can look at it. The community must
run under a regulation whose limits are seconds.
"""

import random
from collections.abc import Callable
from typing import Any

from infra.local.player import Player, code_in

Tell = Callable[[str], None]

DEMO_COMMUNITY = "yanshi"


def _somewhere() -> str:
    """A unit of its own for each story: the handler's SMS names it, and one broken off may still be open."""
    building, entrance, floor, door = (random.randint(1, most) for most in (20, 4, 28, 4))  # noqa: S311
    return f"{building}-{entrance}-{floor:02d}{door:02d}"


def ordinary_repair(player: Player, tell: Tell) -> Any:
    """An ordinary repair: reported, assigned, signed for, solved and rated."""
    unit = _somewhere()
    tell(f"Ms Sun in {unit} reports a dripping tap with the web form.")
    number, track = _report(
        player,
        tell,
        text="厨房水龙头一直滴水，关不紧，麻烦师傅来看看。",
        unit=unit,
        name="孙女士",
        phone="13800138001",
        kind="repair",
        matter="home_other",
    )
    tell("The rules choose a handler, who gets the case by SMS with a link.")
    work = code_in(player.wait_for(assignment_to(unit)).text)
    tell("The handler opens the link, signs for the case, goes there, and mends the tap.")
    player.use_link(work, "sign", signature="丁强")
    player.use_link(work, "start")
    player.use_link(work, "progress", note="阀芯老化，正在更换。")
    player.use_link(work, "complete", result="更换水龙头阀芯，试水十分钟不再滴漏。")
    survey = code_in(player.wait_for(f"{number}.*请您?评价").text)
    tell("Ms Sun opens the survey and gives five stars; the case is closed.")
    player.use_link(survey, "rate", score=5, comment="来得快，修得好。")
    return _closed(player, tell, number, track)


def nobody_signs(player: Player, tell: Tell) -> Any:
    """A complaint that nobody signs for climbs the ladder to a named manager, solved late."""
    unit = _somewhere()
    tell(f"Mr Zhou in {unit} complains about a humming pump. Whoever gets the case leaves it lying.")
    number, track = _report(
        player,
        tell,
        text="地下水泵夜里嗡嗡响，吵得睡不着。",
        unit=unit,
        name="周先生",
        phone="13800138002",
        kind="complaint",
        matter="equipment_noise",
    )
    work = code_in(player.wait_for(assignment_to(unit)).text)
    tell("Nobody signs. The handler is reminded; then the time to sign is over.")
    player.wait_for("提醒：.*签收")
    player.wait_for("超时：.*签收")
    tell("The ladder: first the supervisor is told, by name, then the manager.")
    player.wait_for(f"{number} 超时上报：.*签收")
    player.wait_for(f"{number} 超时上报：.*签收")
    tell("Now somebody signs, but the time to solve the case runs out before it is done.")
    player.use_link(work, "sign", signature="范军")
    player.wait_for("超时：.*办结")
    player.use_link(work, "complete", result="更换水泵减震垫，夜间复测噪声合格。")
    survey = code_in(player.wait_for(f"{number}.*请您?评价").text)
    tell("Late, but solved: Mr Zhou gives four stars. The figures count the case as late.")
    player.use_link(survey, "rate", score=4, comment="最后修好了，就是慢了点。")
    return _closed(player, tell, number, track)


def rated_badly(player: Player, tell: Tell) -> Any:
    """A complaint rated badly: reopened as a second round, solved and closed."""
    unit = _somewhere()
    tell(f"Ms He in {unit} complains about a dirty corridor; it is cleaned, but badly.")
    number, track = _report(
        player,
        tell,
        text="楼道走廊积灰严重，垃圾两天没人收。",
        unit=unit,
        name="何女士",
        phone="13800138003",
        kind="complaint",
        matter="cleaning",
    )
    work = code_in(player.wait_for(assignment_to(unit)).text)
    player.use_link(work, "sign", signature="姚红")
    player.use_link(work, "complete", result="已清扫走廊。")
    survey = code_in(player.wait_for(f"{number}.*请您?评价").text)
    tell("She gives one star. The same case opens a second round, and goes to somebody else.")
    player.use_link(survey, "rate", score=1, comment="只扫了一半，垃圾还在。")
    player.wait_for(f"{number}.*重新处理")
    again = code_in(player.wait_for(assignment_to(unit)).text)
    player.use_link(again, "sign", signature="金凤")
    player.use_link(again, "complete", result="垃圾清运完毕，走廊拖洗两遍，已请住户验看。")
    survey = code_in(player.wait_for(f"{number}.*请您?评价").text)
    tell("This time she is content.")
    player.use_link(survey, "rate", score=5)
    return _closed(player, tell, number, track)


STORIES = (ordinary_repair, nobody_signs, rated_badly)


def assignment_to(unit: str) -> str:
    """The handler's SMS about work in a unit, new or to be done over; too many words are left out."""
    return rf"】((派单|重办)(\d{{6}}-\d{{4}})?：)?{unit}"


def _report(player: Player, tell: Tell, **report: str) -> tuple[str, str]:
    """Reports as the web form does; the number, and the code of the tracking link."""
    receipt = player.report(DEMO_COMMUNITY, channel="web", **report)
    number, track = receipt["number"], code_in(receipt["tracking_url"])
    tell(f"The desk answers at once with the number {number} and a link to follow it.")
    player.look(code_in(player.wait_for(f"{number}.*受理").text))  # who opens it is reached by that number
    return number, track


def _closed(player: Player, tell: Tell, number: str, track: str) -> Any:
    player.wait_for(f"{number}.*结案")
    seen = player.look(track)
    tell(f"The tracking page says: {seen['state']}, round {seen['round']}.")
    return seen
