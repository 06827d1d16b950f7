"""No serious finding of axe-core on any page, in both themes."""

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("path", ["/", "/wall"])
def test_no_serious_finding(opened, path, theme):
    page = opened(f"{path}?theme={theme}&lang=en")
    page.wait_for_selector(".card" if path == "/wall" else ".sides")
    found = Axe().run(page).response["violations"]
    told = [
        f"{one['id']}: {', '.join(node['html'][:200] for node in one['nodes'][:5])}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert told == []
