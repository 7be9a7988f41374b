"""The scenes beside the main line: stock, bench, counter, money, reports, call-back, administration."""

from __future__ import annotations

import re

from bench.prove._story import check, number_in, press, search_desk, status_of, submit_desk


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
    page.locator("[data-open='#move-lock']").click()
    page.locator("#move-lock button.primary").click()
    page.wait_for_load_state("networkidle")
    check(page.locator("[data-open='#move-lock']").count() == 0, "the statement is not locked")


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


ASIDE = [
    keeper_issues_and_receives, counter_takes_a_thing_in, bench_repairs, counter_gives_it_back, accountant_settles_the_day,
    accountant_locks_the_statement, reports_are_signed, caller_hears_a_complaint, manager_drills_down,
    administrator_takes_a_permission_away, administrator_makes_a_token, visit_every_page,
]  # fmt: skip
