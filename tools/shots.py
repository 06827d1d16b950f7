"""Screenshots of every page at three sizes, in Chinese on dark and English on light, into shots/."""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.browser import ROOT, chromium_path, launch, served, wait_drawn, write_demonstration

_SIZES = ((1920, 1080), (3840, 1080), (390, 844))
_LOOKS = (("zh", "dark"), ("en", "light"))
_PAGES = {"planner": "/", "plans": "/plans", "wall": "/wall", "people": "/people", "audit": "/audit"}
_WITHOUT_MAP = {"people", "audit"}
_PAGE_MS = 180_000
# Figures, tables and the last labels come within a moment of the map.
_SETTLE_MS = 3_000


def shoot(url: str, into: Path) -> list[Path]:
    """Files written, one for each page, size and look."""
    into.mkdir(exist_ok=True)
    written = []
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for width, height in _SIZES:
            page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
            page.set_default_timeout(_PAGE_MS)
            for name, path in _PAGES.items():
                for lang, theme in _LOOKS:
                    page.goto(f"{url}{path}?lang={lang}&theme={theme}")
                    if name in _WITHOUT_MAP:
                        page.wait_for_selector("main")
                    else:
                        wait_drawn(page)
                    page.wait_for_timeout(_SETTLE_MS)
                    file = into / f"{name}-{width}x{height}-{lang}-{theme}.png"
                    page.screenshot(path=file, full_page=width < height)
                    written.append(file)
            page.close()
        browser.close()
    return written


def main() -> None:
    """Serve the configured store, or a demonstration made for the purpose, and photograph it."""
    if chromium_path() is None:
        sys.exit("There is no Chromium here: install it (Debian: apt-get install chromium) and call again.")
    with TemporaryDirectory() as folder:
        database = os.environ.get("LIANFANG_DATABASE")
        if not database:
            database = str(Path(folder) / "demo.sqlite")
            print("Making the demonstration", flush=True)
            write_demonstration(Path(database))
        with served(database, Path(folder) / "server.log") as server:
            for file in shoot(server.url, ROOT / "shots"):
                print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
