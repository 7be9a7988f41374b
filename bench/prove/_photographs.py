"""A photograph by the telephone's camera field: shrunk, sent once, looked at, taken off with a reason."""

from __future__ import annotations

import io

from bench.prove._story import check


def engineer_photographs(stage) -> None:
    """The engineer photographs the nameplate; the office looks at it and takes it off with a reason"""
    from PIL import Image

    number = stage.told["first"]
    picture = io.BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(picture, "JPEG", quality=92)
    page = stage.page("engineer", phone=True)
    page.goto(f"/field/job/{number}/")
    fields = page.locator(".files .add input[type=file]")
    given = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    fields.first.set_input_files(given)
    page.wait_for_selector(".files .file img")
    fields.first.set_input_files({"name": "evil.jpg", "mimeType": "image/jpeg", "buffer": b"<html><script>"})
    page.wait_for_selector(".files .failed [role=alert]")
    check(page.locator("[data-count]").inner_text() == "1", "the tiles are not counted")
    office = stage.page("dispatcher")
    office.goto(f"/orders/{number}/")
    office.locator(".files .file").click()
    office.wait_for_selector("dialog.look img")
    # The pages' policy forbids scripts made from text, so the picture's arrival is asked for as a function.
    width = office.locator("dialog.look img").evaluate("async img => { await img.decode(); return img.naturalWidth; }")
    check(width > 1000, f"the picture is {width} px wide")
    office.locator("dialog.look summary").click()
    office.locator("dialog.look [name=reason]").fill("看不清")
    office.locator("dialog.look form[data-file=remove] button").click()
    office.wait_for_selector(".files .file", state="detached")
    office.goto(f"/orders/{number}/")
    check("看不清" in office.content(), "the reason is not on the timeline")
