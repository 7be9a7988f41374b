"""A keeper with a hand scanner: everything is typed at once, as a scanner types, and nothing of it is lost."""

from __future__ import annotations

from bench.prove._reading import audit
from bench.prove._story import check


def keeper_scans(stage) -> None:
    """Keeper: goods are put away with a scanner; a wrong scan is loud and changes nothing; labels print"""
    page = stage.page("keeper")
    page.goto("/stock/receive/")
    page.locator("#id_place").select_option(label="上海配件库")
    page.fill("#id_part0", "P-300")
    page.locator("[role=option]:has-text('主控板')").click()
    page.fill("#id_qty0", "5")
    page.fill("#id_cost0", "150")
    page.locator("main form button.primary").click()
    page.wait_for_load_state("networkidle")
    page.goto("/places/new/")
    page.fill("#id_code", "S-01")
    page.fill("#id_name", "一排一层")
    page.locator("#id_kind").select_option("bin")
    page.locator("#id_parent").select_option(label="上海配件库")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/places/*/")
    depot = page.locator(".crumb a").nth(1).inner_text()
    page.goto("/scan/")
    for code in (depot, "1", "S-01", "P-300", "3", "NOWHERE"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.locator("[data-tone=bad]").wait_for()
    check("无法识别" in page.locator(".said").inner_text(), "the unknown code is not told")
    check("3" in page.locator("tr.last .num b").inner_text(), "the quantity was not counted, or the wrong scan changed it")
    page.keyboard.type("CMD-DONE")
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/*/")
    check("S-01" in page.locator("main").inner_text(), "nothing lies in the bin")
    page.goto("/places/?tab=bins")
    page.locator("[name=pk]").first.check()
    page.locator("#bulk").get_by_role("button", name="执行").click()
    page.wait_for_url("**/labels/places/**")
    check(page.locator(".codelabel .qr").count() == 1, "no label of the bin")
    found = audit(page, ["/scan/", f"/scan/put-away/{depot}/", "/labels/commands/"])
    check(not found, "\n".join(found[:12]))
