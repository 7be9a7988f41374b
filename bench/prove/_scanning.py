"""People with a hand scanner: everything is typed at once, as a scanner types, and nothing of it is lost."""

from __future__ import annotations

import io

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
    _type(page, depot, "1", "S-01", "P-300", "3", "NOWHERE")
    page.locator("[data-tone=bad]").wait_for()
    check("无法识别" in page.locator(".said").inner_text() and "应扫" in page.locator(".said").inner_text(), "what was wrong and what was expected is not told")
    check(_heard(page) == "bad", "the wrong scan is not heard")
    check("3" in page.locator("tr.last .num b").inner_text(), "the quantity was not counted, or the wrong scan changed it")
    _type(page, "CMD-DONE")
    page.wait_for_url("**/places/*/")
    check("S-01" in page.locator("main").inner_text(), "nothing lies in the bin")
    page.goto("/places/?tab=bins")
    page.locator("[name=pk]").first.check()
    page.locator("#bulk").get_by_role("button", name="执行").click()
    page.wait_for_url("**/labels/places/**")
    check(page.locator(".codelabel .qr").count() == 1, "no label of the bin")
    page.evaluate("document.body.style.zoom = 4")
    check(_read_back(page.locator(".codelabel").screenshot()) == ["S-01", "S-01"], "the label cannot be read back")
    found = audit(page, ["/scan/", f"/scan/put-away/{depot}/", "/labels/commands/"])
    check(not found, "\n".join(found[:12]))


def keeper_counts(stage) -> None:
    """Keeper: old parts and counts by scanner are heard when they are wrong; a count goes scan by scan and tells no book"""
    page = stage.page("keeper")
    page.goto("/cores/hand-in/")
    _type(page, "NOWHERE")
    page.locator("[data-tone=bad]").wait_for()
    check(_heard(page) == "bad", "the old part that is none is not heard")
    page.goto("/stocktakes/new/")
    page.locator("#id_place").select_option(label="上海配件库")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/stocktakes/PD*/")
    number = page.url.rstrip("/").rpartition("/")[2]
    page.goto("/scan/")
    _type(page, number, "1")
    page.wait_for_url("**/count/")
    _type(page, "S-01", "P-300", "P-300", "7", "P-300", "NOWHERE")
    page.locator("[data-tone=bad]").wait_for()
    check(_heard(page) == "bad", "the wrong count is not heard")
    counted = page.locator("input[name^=qty-]").evaluate_all("all => all.map(one => one.value)")
    check("8" in counted, f"scan by scan it should be 8: {counted}")
    found = audit(page, [f"/stocktakes/{number}/count/", "/cores/hand-in/"])
    check(not found, "\n".join(found[:12]))


def _read_back(picture: bytes) -> list[str]:
    import zxingcpp
    from PIL import Image

    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def _type(page, *codes: str) -> None:
    for code in codes:
        page.keyboard.type(code)
        page.keyboard.press("Enter")


def _heard(page) -> str:
    return page.evaluate("document.documentElement.dataset.heard")
