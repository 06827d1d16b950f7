"""A test for chance as a browser begins and follows it, wherever it is done."""

import time

from layers.view import View
from tests.world import E, W

VIEW = View(lang="en", a=E, b=W)
QUERY = VIEW.query()
ASKED = ("permutation", 2, 14, 99, 1, False)
_PATIENCE_S = 240


class Job:
    """A test for chance that is done in the background, begun and followed through the door a browser uses."""

    def __init__(self, app):
        self.client = app.server.test_client()
        assert self.client.get("/").status_code == 200
        found = ((key, one) for key, one in app.callback_map.items() if "callback" in one)
        key, spec = next((key, one) for key, one in found if one["callback"].__name__ == "run_test")
        names = ("scope", "method", "radius", "days", "replications", "seed")
        values = dict(zip((f"test-{one}.value" for one in names), ("pair", *ASKED[:5]), strict=True))
        values |= {"test.n_clicks": 1, "view.data": QUERY, "test-now.checked": False}
        filled = [
            [{**one, "value": values[f"{one['id']}.{one['property']}"]} for one in spec[part]]
            for part in ("inputs", "state")
        ]
        outputs = [
            dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in key.strip(".").split("...")
        ]
        self.body = {
            "output": key,
            "outputs": outputs,
            "inputs": filled[0],
            "state": filled[1],
            "changedPropIds": ["test.n_clicks"],
        }

    def ask(self, **more):
        answer = self.client.post("/_dash-update-component", json=self.body, query_string=more)
        return answer.get_json() if answer.status_code == 200 else None

    def answered(self):
        """Begin it, wait until it is done, and return the last answer and the values its bar had."""
        begun = self.ask()
        seen, until = [], time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            answer = self.ask(cacheKey=begun["cacheKey"], job=begun["job"])
            seen.append(answer.get("progress", {}).get("test-bar.value"))
            if "response" in answer:
                break
            time.sleep(0.2)
        return answer, seen
