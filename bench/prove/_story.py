"""The scenes of the story, in the order of playing. Each says in its first line what it shows."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo


def check(condition: object, text: str) -> None:
    """A promise of a scene."""
    if not condition:
        raise AssertionError(text)


def number_in(url: str, prefix: str = "WO") -> str:
    """The number of the document whose address this is."""
    found = re.search(prefix + r"\d+", url)
    check(found, f"no {prefix} number in {url}")
    return found.group(0)


def press(page, text: str) -> None:
    """Press the first visible button of that name and wait for what follows."""
    page.locator(f"button:visible:has-text('{text}'), a.btn:visible:has-text('{text}')").first.click()
    page.wait_for_load_state("networkidle")


def status_of(page, number: str) -> str:
    """What the order's page shows as its state."""
    page.goto(f"/orders/{number}/")
    return page.locator(".dochead .pill").first.inner_text().strip()


def search_desk(page, text: str) -> None:
    """Type into the desk's search field and wait for the answer."""
    page.goto("/desk/")
    with page.expect_response(lambda answer: "/desk/?q=" in answer.url and text[-4:] in answer.url):
        page.fill(".omni input[name=q]", text)
    page.wait_for_load_state("networkidle")


def submit_desk(page) -> str:
    """Send the desk's form with the keyboard; the number of the order made."""
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")
    page.locator("a[href*='/orders/WO']").first.wait_for()
    found = re.findall(r"/orders/(WO\d+)", page.content())
    check(found, f"no order after the desk's form: {page.url}")
    return found[0]


def clerk_knows_the_caller(stage) -> None:
    """Clerk: a known telephone shows customer, units and warranty; the order is opened for a unit"""
    page = stage.page("clerk")
    search_desk(page, "13800001111")
    text = page.locator("#desk").inner_text()
    for wanted in ("张三丰", "QF-OLD-0001", "QF-NEW-0002"):
        check(wanted in text, f"{wanted} is not on the desk")
    page.locator(".assets label").filter(has_text="QF-OLD-0001").click()
    page.fill("#fault", "不制冷")
    page.locator("[role=option].new").first.wait_for()
    page.locator("#fault").press("Tab")
    page.locator(".combo.is-new").first.wait_for()
    page.locator("#detail").fill("开机半小时不冷，下午在家")
    stage.told["first"] = submit_desk(page)


def clerk_is_warned(stage) -> None:
    """Clerk: a second open request for the same unit is refused until confirmed"""
    page = stage.page("clerk")
    search_desk(page, "13800001111")
    page.locator(".assets label").filter(has_text="QF-OLD-0001").click()
    page.fill("#fault", "不制冷")
    page.keyboard.press("Control+Enter")
    page.locator("[name=open_anyway]").wait_for()
    check(stage.told["first"] in page.content(), "the open order is not named")


def clerk_meets_a_stranger(stage) -> None:
    """Clerk: an unknown telephone, a new product and a new fault are typed and made"""
    page = stage.page("clerk")
    search_desk(page, "13912345678")
    page.fill("#name", "陌生客户")
    page.fill("#product", "新型除湿机九号")
    page.fill("#fault", "漏水到地板")
    page.locator("#fault").press("Tab")
    stage.told["second"] = submit_desk(page)
    page.goto(f"/orders/{stage.told['second']}/")
    check("新型除湿机九号" in page.content() and "陌生客户" in page.content(), "the new words are not on the order")


def tomorrow() -> str:
    """The board of the next day: whatever the hour, none of its hours is over."""
    day = dt.datetime.now(zoneinfo.ZoneInfo("Asia/Shanghai")).date() + dt.timedelta(days=1)
    return f"/board/?day={day.isoformat()}"


def dispatcher_uses_the_board(stage) -> None:
    """Dispatcher: a job is dragged from the pool to an engineer's hour"""
    page = stage.page("dispatcher")
    page.goto(tomorrow())
    jobs = page.locator(".pool .job")
    check(jobs.count() >= 2, "the pool does not hold both orders")
    job = page.locator(f".pool .job[data-job='{_job_id(page, '不制冷')}']")
    lane = page.locator(".lane[aria-label='王师傅']")
    with page.expect_response("**/board/assign") as answered:
        job.drag_to(lane, target_position={"x": 20, "y": 420})
    check(answered.value.status == 200, f"the drag was answered {answered.value.status}")
    page.goto(tomorrow())
    placed = page.locator(".lane[aria-label='王师傅'] .job").filter(has_text="不制冷")
    check(placed.count() == 1, "the job is not in the lane")


def _job_id(page, text: str) -> str:
    return page.locator(".pool .job").filter(has_text=text).first.get_attribute("data-job")


def dispatcher_uses_the_keyboard(stage) -> None:
    """Dispatcher: by keyboard alone; an hour that is taken is refused in words and the card stays"""
    page = stage.page("dispatcher")
    page.goto(tomorrow())
    job = page.locator(".pool .job").filter(has_text="漏水").first
    job.focus()
    page.keyboard.press("Enter")
    page.locator("#assign").wait_for()
    page.locator("#assign-lane").select_option(label="王师傅")
    taken = int(page.locator(".lane[aria-label='王师傅'] .job").first.get_attribute("data-start"))
    page.locator("#assign-time").select_option(f"{taken // 60:02d}:{taken % 60 // 30 * 30:02d}")
    with page.expect_response("**/board/assign") as answered:
        page.locator("#assign button.primary").click()
    check(answered.value.status == 409, f"a taken hour was answered {answered.value.status}")
    page.get_by_text("冲突").first.wait_for()
    check(page.locator(".pool .job").filter(has_text="漏水").count() == 1, "the refused card left the pool")
    page.goto(tomorrow())
    page.locator(".pool .job").filter(has_text="漏水").first.focus()
    page.keyboard.press("Enter")
    page.locator("#assign-lane").select_option(label="王师傅")
    page.locator("#assign-time").select_option("19:00")
    with page.expect_response("**/board/assign") as answered:
        page.locator("#assign button.primary").click()
    check(answered.value.status == 200, f"the keyboard was answered {answered.value.status}")


def engineer_refuses_with_a_reason(stage) -> None:
    """Engineer on the telephone: refuses one job with a reason; it is back in the pool"""
    page = stage.page("engineer", phone=True)
    page.goto(f"/field/job/{stage.told['second']}/")
    page.locator("[data-open='#sheet-refuse']").click()
    page.fill("#reason-refuse", "今天排满了")
    page.locator("#sheet-refuse button.primary").click()
    page.wait_for_url("**/field/")
    check("待派工" in status_of(stage.page("dispatcher"), stage.told["second"]), "the refused job is not pending")


def engineer_works_on_the_telephone(stage) -> None:
    """Engineer on the telephone: accepts, sets out, arrives, checks the serial, takes a part from his van"""
    page = stage.page("engineer", phone=True)
    address = f"/field/job/{stage.told['first']}/"
    page.goto("/field/")
    check("不制冷" in page.content(), "the job is not in today's list")
    page.goto(address)
    for text in ("接单", "出发", "到达，开始服务"):
        page.locator(f".hero button.big:has-text('{text}')").click()
        page.wait_for_load_state("networkidle")
    page.fill("#serial", "QF-OLD-0001")
    page.locator("form[action$='/unit'] button:has-text('核对')").click()
    page.wait_for_load_state("networkidle")
    page.locator("[data-open='#add-part']").click()
    page.fill("#part", "P-200")
    page.locator("#add-part button.primary").click()
    page.locator("#parts").get_by_text("随车").wait_for()


def engineer_completes(stage) -> None:
    """Engineer on the telephone: codes, a typed fee, money, the customer's signature, done"""
    page = stage.page("engineer", phone=True)
    page.goto(f"/field/job/{stage.told['first']}/")
    page.fill("#findings", "启动电容失效，已更换")
    page.fill("#cause", "电容老化")
    page.fill("#solution", "更换电容")
    page.fill("#minutes", "45")
    page.fill("#fee_name", "高空作业费")
    page.fill("#fee_amount", "40")
    page.fill("#amount", "100")
    page.locator("#findings").click()
    page.locator("[data-open='#sign']").click()
    pad = page.locator("canvas[data-sign]")
    pad.wait_for()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 40 + (step % 2) * 25)
    page.mouse.up()
    page.locator("#sign button:has-text('确认完工')").click()
    page.wait_for_url("**/field/")
    check("待审核" in status_of(page, stage.told["first"]), "the job is not done")
    check("高空作业费" in page.content(), "the typed fee is not on the bill")


def others_inspect_and_audit(stage) -> None:
    """Inspector and auditor: two other people; the engineer sees no such button"""
    number = stage.told["first"]
    page = stage.page("engineer", phone=True)
    page.goto(f"/orders/{number}/")
    check(page.locator("form[action*='/moves/inspect']").count() == 0, "the engineer is offered to inspect")
    page = stage.page("inspector")
    page.goto(f"/orders/{number}/")
    press(page, "检验合格")
    check("已检验" in status_of(page, number), "not inspected")
    page = stage.page("auditor")
    page.goto(f"/orders/{number}/")
    page.locator("[data-open='#waive']").click()
    page.locator("#waive [name=line]").select_option(index=0)
    page.locator("#waive [name=amount]").fill("1")
    page.locator("#waive [name=reason]").fill("抹零")
    page.locator("#waive button.primary").click()
    page.wait_for_load_state("networkidle")
    press(page, "审核")
    check("已审核" in status_of(page, number), "not audited")


MAIN = [
    clerk_knows_the_caller, clerk_is_warned, clerk_meets_a_stranger, dispatcher_uses_the_board,
    dispatcher_uses_the_keyboard, engineer_refuses_with_a_reason, engineer_works_on_the_telephone, engineer_completes,
    others_inspect_and_audit,
]  # fmt: skip
