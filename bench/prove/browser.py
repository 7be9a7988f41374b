"""The whole story in a real browser, each role on its own pages; no console error, no policy violation, no 5xx.

`aftercare prove browser [--short] [--pictures DIR]`. Makes a fresh company, starts the product's server on it and plays
from the call to the signed report, and asks whether the pages can be read by everybody. Without Playwright or Chromium it
says that it was skipped and ends with status 0.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

PASSWORD = "harbour-lamp-71"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 30_000  # milliseconds for one step


def run(argv: list[str]) -> int:
    """Play the scenes; 0 when all hold or when there is no browser here."""
    options = _options(argv)
    missing = _missing()
    if missing:
        print(f"SKIPPED, nothing was proved: no {missing} here (AFTERCARE_CHROMIUM names a browser that is not on the path).")
        return 0
    with tempfile.TemporaryDirectory(prefix="aftercare-browser-") as folder:
        os.environ |= {
            "AFTERCARE_DATA_DIR": folder, "AFTERCARE_DATABASE_URL": f"sqlite:///{folder}/story.sqlite3",
            "DJANGO_SETTINGS_MODULE": "aftercare.config.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
        }  # fmt: skip
        return _play(options)


def _options(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="aftercare prove browser", description=__doc__)
    parser.add_argument("--short", action="store_true", help="the main line only: call, dispatch, telephone, audit")
    parser.add_argument("--pictures", metavar="DIR", default="", help="keep a picture of every page that a scene ends on")
    return parser.parse_args(argv)


def _missing() -> str:
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright"
    return "" if _chromium() else "Chromium"


def _chromium() -> str | None:
    """The browser that `AFTERCARE_CHROMIUM` names, one of the system's, or the one that Playwright brought."""
    named = os.environ.get("AFTERCARE_CHROMIUM", "")
    if named:
        return named if Path(named).exists() else None
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    kept = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return found or next((str(path) for path in sorted(kept.glob("chromium-*/chrome-linux*/chrome"))), None)


class Stage:
    """Everybody's browser window, what went wrong in any of them, and what the scenes tell one another."""

    def __init__(self, browser, base: str, pictures: str) -> None:
        self.browser, self.base, self.pictures = browser, base, pictures
        self.wrong: list[str] = []
        self.told: dict[str, str] = {}
        self._pages: dict[str, object] = {}

    def page(self, name: str, *, phone: bool = False):
        """The window of that member of the cast, signed in through the sign-in page."""
        if name not in self._pages:
            size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
            context = self.browser.new_context(
                viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=phone, base_url=self.base
            )
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            self._watch(name, page)
            page.goto("/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/accounts/login" not in url)
            self._pages[name] = page
        return self._pages[name]

    def _watch(self, name: str, page) -> None:
        # A refusal (4xx) is an answer that scenes ask for on purpose; the browser calls it a failed resource.
        def on_console(message) -> None:
            if message.type == "error" and "status of 4" not in message.text:
                self.wrong.append(f"{name} on {page.url}: console: {message.text}")

        def on_response(answer) -> None:
            if answer.status >= 500:
                self.wrong.append(f"{name}: {answer.status} {answer.url}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: self.wrong.append(f"{name} on {page.url}: {error}"))
        page.on("response", on_response)

    def keep_pictures(self, scene: str) -> None:
        """A picture of every open window, when asked for."""
        if self.pictures:
            Path(self.pictures).mkdir(parents=True, exist_ok=True)
            for name, page in self._pages.items():
                page.screenshot(path=f"{self.pictures}/{scene}-{name}.png")


def _play(options: Namespace) -> int:
    from bench import _running
    from bench.prove import _office, _photographs, _reading, _scanning, _story

    _running.open_database()
    _seed()
    from playwright.sync_api import sync_playwright

    with _running.served() as server, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=_chromium(), args=FLAGS)
        stage = Stage(browser, f"http://127.0.0.1:{server.port}", options.pictures)
        scenes = [*_story.MAIN, *(() if options.short else [*_office.ASIDE, _scanning.keeper_scans, _scanning.keeper_counts]), _photographs.engineer_photographs, _reading.pages_can_be_read]
        failed = sum(not _act(stage, scene) for scene in scenes)
        browser.close()
    for line in dict.fromkeys(stage.wrong):
        print(f"  ! {line}")
    print(f"{len(scenes) - failed} of {len(scenes)} scenes play, {len(stage.wrong)} errors in the browser")
    return 1 if failed or stage.wrong else 0


def _act(stage: Stage, scene: Callable[[Stage], None]) -> bool:
    title = (scene.__doc__ or scene.__name__).strip().split("\n")[0]
    began = time.monotonic()
    try:
        scene(stage)
    except Exception as error:  # a scene fails by any refusal of the browser's; the others are still told
        lines = str(error).strip().splitlines() or [type(error).__name__]
        print(f"  FAILED {title}\n         " + "\n         ".join(lines[:6]), flush=True)
        stage.keep_pictures(f"failed-{scene.__name__}")
        return False
    print(f"  ok     {title} ({time.monotonic() - began:.1f} s)", flush=True)
    stage.keep_pictures(scene.__name__)
    return True


def _seed() -> None:
    from aftercare.domain.catalog import actions as catalog
    from aftercare.domain.people import actions as people
    from tests import world

    company = world.found()
    given = {"actor": world.SYSTEM, "at": world.FOUNDED}
    catalog.create_part(code="P-300", name="主控板", price_amount="260.00", **given)
    for name, member in company.people.items():
        people.create_account(member, username=name, password=PASSWORD, **given)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
