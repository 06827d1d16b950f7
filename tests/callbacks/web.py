"""A browser without a screen: pages, map data and events of the whole dashboard through Flask's test client."""

import json
from urllib.parse import urlencode

from callbacks.web import build
from settings import Settings


class Web:
    """One dashboard over one desk."""

    def __init__(self, desk, language="zh", **more):
        settings = {"language": language, "database": desk._store._database.name, **more}
        self.app = build(Settings(**settings), lambda: desk)
        self.client = self.app.server.test_client()
        # Dash lays every page out once, before it answers anything.
        assert self.client.get("/").status_code == 200

    def get(self, path, **query):
        return self.client.get(path + ("?" + urlencode(query) if query else ""))

    def fire(self, name, values=None, triggered=None, page="/"):
        """What the callback function `name` answers to an event.

        `values` are its inputs and states by property; the others are null. Without `triggered` it is the first call,
        where everything changed at once.
        """
        values = values or {}
        found = [
            (key, spec)
            for key, spec in self.app.callback_map.items()
            if "callback" in spec and spec["callback"].__name__ == name
        ]
        key, spec = next(
            (key, spec) for key, spec in found if triggered is None or triggered in map(_named, spec["inputs"])
        )
        unknown = values.keys() - set(map(_named, [*spec["inputs"], *spec["state"]]))
        assert not unknown, unknown
        body = {
            "output": key,
            "outputs": _outputs(key),
            "inputs": _filled(spec["inputs"], values),
            "state": _filled(spec["state"], values),
            "changedPropIds": [triggered] if triggered else [],
        }
        answer = self.client.post("/_dash-update-component", json=body, headers={"Referer": "http://localhost" + page})
        assert answer.status_code in (200, 204), answer.get_data(as_text=True)
        return Answer(answer.get_json() if answer.status_code == 200 else {})

    def page(self, path="/", **query):
        """The layout that a browser gets for an address."""
        search = "?" + urlencode(query, doseq=True) if query else ""
        assert self.client.get(path + search).status_code == 200
        place = {"_pages_location.pathname": path, "_pages_location.search": search}
        return self.fire("update", place, page=path + search)


class Answer:
    """What one event changed."""

    def __init__(self, answer):
        self.changed = {
            f"{component}.{name.split('@')[0]}": value
            for part in ("response", "sideUpdate")
            for component, properties in answer.get(part, {}).items()
            for name, value in properties.items()
        }
        self.text = json.dumps(self.changed, ensure_ascii=False)

    def __getitem__(self, name):
        return self.changed[name]

    def __contains__(self, name):
        return name in self.changed

    @property
    def notice(self):
        return self.changed.get("notice.children")


def _named(one):
    return f"{one['id']}.{one['property']}"


def _outputs(key):
    made = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in key.strip(".").split("...")]
    return made if key.startswith("..") else made[0]


def _filled(specs, values):
    return [{"id": one["id"], "property": one["property"], "value": values.get(_named(one))} for one in specs]
