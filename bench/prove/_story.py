"""The scenes of the story, in the order of playing. Each says in its first line what it shows."""

from __future__ import annotations

import re


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


def dispatcher_uses_the_board(stage) -> None:
    """Dispatcher: a job is dragged to an engineer, taken back by keyboard, refused where he is not fit"""
    page = stage.page("dispatcher")
    page.goto("/board/")
    jobs = page.locator(".pool .job")
    check(jobs.count() >= 2, "the pool does not hold both orders")
    job = page.locator(f".pool .job[data-job='{_job_id(page, '不制冷')}']")
    lane = page.locator(".lane[aria-label='王师傅']")
    with page.expect_response("**/board/assign") as answered:
        job.drag_to(lane, target_position={"x": 20, "y": 420})
    check(answered.value.status == 200, f"the drag was answered {answered.value.status}")
    page.goto("/board/")
    placed = page.locator(".lane[aria-label='王师傅'] .job").filter(has_text="不制冷")
    check(placed.count() == 1, "the job is not in the lane")


def _job_id(page, text: str) -> str:
    return page.locator(".pool .job").filter(has_text=text).first.get_attribute("data-job")


def dispatcher_uses_the_keyboard(stage) -> None:
    """Dispatcher: a job is placed by keyboard alone; suggestions tell their reasons"""
    page = stage.page("dispatcher")
    page.goto("/board/")
    job = page.locator(".pool .job").filter(has_text="漏水").first
    job.focus()
    page.keyboard.press("Enter")
    page.locator("#assign").wait_for()
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


def keeper_issues_and_receives(stage) -> None:
    """Keeper: short stock is requested, received, served; the pick list issues it to the van"""
    clerk, boss, keeper = stage.page("clerk"), stage.page("dispatcher"), stage.page("keeper")
    search_desk(clerk, "13800001111")
    clerk.locator(".assets label").filter(has_text="QF-NEW-0002").click()
    clerk.fill("#fault", "显示屏不亮")
    number = stage.told["third"] = submit_desk(clerk)
    boss.goto(f"/orders/{number}/")
    boss.locator("[data-open='#move-dispatch']").click()
    boss.locator("#move-dispatch [name=engineer]").select_option("E003")
    boss.locator("#move-dispatch button.primary").click()
    boss.wait_for_load_state("networkidle")
    boss.goto(f"/orders/{number}/")
    boss.fill("#line-new", "P-300")
    boss.locator("[role=option]:has-text('主控板')").click()
    boss.locator("#lines .pill:has-text('缺')").wait_for()
    keeper.goto("/picking/")
    check(number in keeper.content() and "缺货" in keeper.content(), "the lack is not on the pick list")
    keeper.goto("/part-requests/")
    check("主控板" in keeper.content(), "the part request is not listed")
    keeper.goto("/stock/receive/")
    keeper.locator("#id_place").select_option(label="上海配件库")
    keeper.fill("#id_part0", "P-300")
    keeper.locator("[role=option]:has-text('主控板')").click()
    keeper.fill("#id_qty0", "2")
    keeper.fill("#id_cost0", "150")
    keeper.locator("main form button.primary").click()
    keeper.wait_for_load_state("networkidle")
    for _again in range(40):  # the worker serves the waiting line
        keeper.goto("/picking/")
        if keeper.locator("button:has-text('发料')").count():
            break
        keeper.wait_for_timeout(500)
    keeper.goto("/picking/print/")
    check(number in keeper.content(), "the pick list on paper lacks the order")
    keeper.goto("/picking/")
    keeper.locator("button:has-text('发料')").first.click()
    keeper.wait_for_load_state("networkidle")
    check(number not in keeper.content(), "the issued order is still on the pick list")
    engineer = stage.page("engineer", phone=True)
    engineer.goto("/field/van/")
    engineer.locator("button:has-text('退回配件库')").first.click()
    engineer.wait_for_load_state("networkidle")
    keeper.goto(f"/orders/{number}/")
    press(keeper, "占用配件")
    press(keeper, "发到随车库")
    check("已领" in keeper.locator("#lines").inner_text(), "the part is not in the van")


def counter_takes_a_thing_in(stage) -> None:
    """Clerk: a carry-in with appearance and accessories; the receipt with its code is printed"""
    page = stage.page("clerk")
    search_desk(page, "13912345678")
    for other in page.locator(".assets label").filter(has_text="其他设备").all():
        other.click()
    page.fill("#product", "新型除湿机九号")
    page.fill("#serial", "CS-9-0002")
    page.fill("#fault", "不除湿")
    page.locator(".seg:has([name=mode]) label:has-text('送修')").click()
    page.locator("#appearance").wait_for()
    page.locator("#appearance").fill("左侧划痕")
    page.locator("#accessories").fill("电源线、说明书")
    page.locator("#place").fill("A-3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/custody/*/print/")
    check("左侧划痕" in page.content() and page.locator(".qr").count(), "the receipt lacks appearance or code")
    page.goto(page.url.removesuffix("print/"))
    stage.told["bench"] = number_in(page.locator("a[href^='/orders/WO']").first.get_attribute("href"))


def bench_repairs(stage) -> None:
    """Bench: dispatched, accepted, repair card, waiting for part, hard, resumed, repaired"""
    number = stage.told["bench"]
    boss, page = stage.page("dispatcher"), stage.page("repairer")
    boss.goto(f"/orders/{number}/")
    boss.locator("[data-open='#move-dispatch']").click()
    boss.locator("#move-dispatch [name=engineer]").select_option("E004")
    boss.locator("#move-dispatch button.primary").click()
    boss.wait_for_load_state("networkidle")
    page.goto(f"/orders/{number}/")
    press(page, "接单")
    press(page, "开始修理")
    page.goto(f"/orders/{number}/card/")
    page.locator("[name=bench]").fill("3 号台")
    page.locator("[name=inspection]").fill("压缩机不启动")
    page.locator("[name=test_name]").first.fill("绝缘电阻")
    page.locator("[name=test_value]").first.fill("12")
    page.locator("main form button.primary").first.click()
    page.wait_for_url(f"**/orders/{number}/")
    for move, text in (("wait_for_part", "缺主控板"), ("escalate", "线路复杂")):
        _ask(page, move, text)
    press(page, "继续修理")
    page.locator("[data-open='#move-finish_repair']").click()
    page.locator("#move-finish_repair [name=findings]").fill("更换主控板，试机正常")
    page.locator("#move-finish_repair [name=minutes]").fill("90")
    page.locator("#move-finish_repair button.primary").click()
    page.wait_for_load_state("networkidle")
    check("修复待取" in status_of(page, number), "not repaired")


def _ask(page, move: str, text: str) -> None:
    page.locator(f"[data-open='#move-{move}']").click()
    page.locator(f"#move-{move} [name=reason]").fill(text)
    page.locator(f"#move-{move} button.primary").click()
    page.wait_for_load_state("networkidle")


def counter_gives_it_back(stage) -> None:
    """Clerk: collection against the receipt with money, and the printed sheet"""
    page = stage.page("clerk")
    page.goto("/counter/")
    check(stage.told["bench"] in page.content(), "the repaired thing is not at the counter")
    page.goto(f"/counter/{stage.told['bench']}/")
    page.locator("[name=no_receipt_reason]").fill("核对身份证")
    page.locator("main form button.primary").first.click()
    page.wait_for_url("**/print/return/")
    check("待审核" in status_of(page, stage.told["bench"]), "not handed over")


def accountant_settles_the_day(stage) -> None:
    """Accountant: cash sheet, money taken over, unsettled check, settlement"""
    page = stage.page("accountant")
    page.goto("/cash/")
    check("王师傅" in page.locator("main").inner_text(), "the collector is not on the cash sheet")
    page.goto("/collections/?tab=held")
    page.locator("[name=pk]").first.check()
    page.locator("#bulk").get_by_role("button", name="执行").click()
    page.wait_for_load_state("networkidle")
    check(page.goto("/unsettled/").status == 200, "no unsettled check")
    page.goto(f"/orders/{stage.told['first']}/")
    page.locator("[data-open='#collect']").click()
    page.locator("#collect button.primary").click()
    page.wait_for_url("**/print/receipt/**")
    page.goto(f"/orders/{stage.told['first']}/")
    press(page, "结算")
    check("已结算" in status_of(page, stage.told["first"]), "not settled")


def accountant_locks_the_statement(stage) -> None:
    """Accountant: the engineer's monthly statement with its lines and proof; he sees it; it is locked"""
    page = stage.page("accountant")
    page.goto("/statements/new/")
    page.locator("#id_employee").select_option(index=_option_of(page, "王师傅"))
    page.locator("main form button.primary").click()
    page.wait_for_url(re.compile(r"/statements/[A-Z]+\d+/"))
    check("一致" in page.locator("aside").inner_text(), "the proof does not hold")
    check(stage.told["first"] in page.content(), "the order's commission is not on the statement")
    engineer = stage.page("engineer", phone=True)
    engineer.goto("/field/me/")
    check("应发" in engineer.content(), "the engineer does not see his statement")
    stage.told["statement"] = page.url
    for text in ("提交", "发布", "送", "锁定"):
        if page.locator(f".acts button:has-text('{text}')").count():
            press(page, text)
    check(page.locator(".dochead .pill").count(), "no state")


def _option_of(page, text: str) -> int:
    labels = page.locator("#id_employee option").all_inner_texts()
    return next(index for index, label in enumerate(labels) if text in label)


def reports_are_signed(stage) -> None:
    """Engineer's and director's daily reports: shown, printed, signed"""
    engineer = stage.page("engineer", phone=True)
    engineer.goto("/reports/engineer-day/")
    check(stage.told["first"] in engineer.content(), "the trip is not on the engineer's report")
    page = stage.page("manager")
    page.goto("/reports/director-day/")
    check(page.locator("[name=remark]").count(), "the manager may not sign")
    page.locator("[name=remark]").first.fill("已核对")
    press(page, "签署")
    check("已核对" in page.content(), "the signature is not shown")
    check(page.goto("/reports/director-day/print/").status == 200, "no sheet to print")


def caller_hears_a_complaint(stage) -> None:
    """Caller: four aspects; a dissatisfied answer opens a complaint, which is answered"""
    page = stage.page("caller")
    page.goto("/callbacks/")
    page.locator("tbody a[href^='/callbacks/']").first.click()
    page.wait_for_load_state("networkidle")
    for aspect in ("attitude", "skill", "punctuality", "promise"):
        level = "1" if aspect == "punctuality" else "4"
        page.locator(f"label:has([name={aspect}][value='{level}'])").click()
    page.fill("#comment", "来晚了一个小时")
    press(page, "登记回访")
    page.locator("a[href^='/contacts/LD']").first.click()
    page.wait_for_load_state("networkidle")
    check("投诉" in page.content(), "no complaint was opened")
    page.locator("[name=text]").fill("已致电道歉")
    page.locator("button:has-text('记下')").click()
    page.wait_for_load_state("networkidle")
    check("已致电道歉" in page.locator(".tl").inner_text(), "the word is not on the timeline")


def manager_drills_down(stage) -> None:
    """Manager: the dashboard's figures lead to lists that answer"""
    page = stage.page("manager")
    page.goto("/")
    links = page.locator("main a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    check(links, "the dashboard leads nowhere")
    for link in list(dict.fromkeys(links))[:12]:
        check(page.goto(link).status == 200, f"{link} does not answer")


def administrator_makes_a_token(stage) -> None:
    """Administrator: a token is shown once; dead letters and the log have pages"""
    page = stage.page("administrator")
    page.goto("/tokens/")
    page.locator("aside form [name=name]").fill("试用")
    page.locator("aside form button.primary").click()
    page.wait_for_load_state("networkidle")
    check(page.locator("[data-token]").count() == 1, "the token is not shown")
    for link in ("/deliveries/", "/journal/"):
        check(page.goto(link).status == 200, f"{link} does not answer")


def visit_every_page(stage) -> None:
    """Everybody opens every page of his navigation"""
    for name in ("clerk", "dispatcher", "keeper", "inspector", "accountant", "caller", "manager", "administrator", "outlet"):
        page = stage.page(name)
        page.goto("/")
        links = page.locator("nav a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        for link in dict.fromkeys(links):
            answer = page.goto(link)
            check(answer.status == 200, f"{name}: {link} answers {answer.status}")


def administrator_takes_a_permission_away(stage) -> None:
    """Administrator: takes a permission from a role on its page; the holder's page refuses at once"""
    page, keeper = stage.page("administrator"), stage.page("keeper")
    check(keeper.goto("/stock/").status == 200, "the keeper does not see the stock")
    for wanted in (403, 200):
        page.goto("/roles/keeper/edit/")
        page.locator("input[value='inventory.view_stock']").set_checked(wanted == 200)
        page.locator("main form button.primary").first.click()
        page.wait_for_url("**/roles/keeper/")
        check(keeper.goto("/stock/").status == wanted, f"the stock does not answer {wanted}")


MAIN = [
    clerk_knows_the_caller, clerk_is_warned, clerk_meets_a_stranger, dispatcher_uses_the_board,
    dispatcher_uses_the_keyboard, engineer_refuses_with_a_reason, engineer_works_on_the_telephone, engineer_completes,
    others_inspect_and_audit,
]  # fmt: skip
ASIDE = [
    keeper_issues_and_receives, counter_takes_a_thing_in, bench_repairs, counter_gives_it_back, accountant_settles_the_day,
    accountant_locks_the_statement, reports_are_signed, caller_hears_a_complaint, manager_drills_down,
    administrator_takes_a_permission_away, administrator_makes_a_token, visit_every_page,
]  # fmt: skip
