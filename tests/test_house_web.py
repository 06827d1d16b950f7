"""The web keeps the house's rules: ids are wired, colours agree and can be read, assets hold no data."""

import ast
import importlib
import re
from dataclasses import asdict
from itertools import combinations, product
from pathlib import Path

import dash
import numpy as np
import pytest

from layers import LAYERS, PLANNER_LAYERS, PLANS_LAYERS, WALL_LAYERS
from layers.palette import PALETTES

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
CALLBACKS = sorted((ROOT / "callbacks").rglob("*.py"))


def ids_below(component):
    """Ids in a layout, its root's own included."""
    return {str(part.id) for part in (component, *component._traverse()) if getattr(part, "id", None) is not None}


@pytest.fixture(scope="module")
def pages(app):
    """The ids each page holds, by its path."""
    shared = ids_below(app.layout)
    found = {}
    for page in dash.page_registry.values():
        with app.server.test_request_context(page["path"]):
            found[page["path"]] = shared | ids_below(page["layout"]())
    return found


def wires(app):
    """Per callback its output, and the ids it reads and writes."""
    for output, callback in app.callback_map.items():
        written = callback["output"] if isinstance(callback["output"], list | tuple) else [callback["output"]]
        read = [*callback["inputs"], *callback["state"]]
        yield output, {str(one.component_id) for one in written if one} | {str(one["id"]) for one in read}


def test_there_are_the_pages(pages):
    assert set(pages) == {"/", "/plans", "/wall", "/people", "/audit"}


def test_every_id_of_a_callback_is_in_a_layout(app, pages):
    known = set().union(*pages.values())
    assert {output: missing for output, ids in wires(app) if (missing := ids - known)} == {}


def test_every_id_the_pages_define_is_in_a_layout(pages):
    defined = {
        str(one)
        for path in (ROOT / "pages").rglob("*.py")
        if hasattr(module := importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)), "Ids")
        for one in module.Ids
    }
    assert defined - set().union(*pages.values()) == set()


def test_each_callback_finds_all_its_ids_on_one_page(app, pages):
    torn = {output: ids for output, ids in wires(app) if not any(ids <= held for held in pages.values())}
    assert torn == {}


def test_a_wrong_id_is_not_passed_over(app):
    assert app.config.suppress_callback_exceptions is False


def test_an_id_stands_once_on_a_page(app):
    for page in dash.page_registry.values():
        with app.server.test_request_context(page["path"]):
            layout = page["layout"]()
        ids = [str(part.id) for part in layout._traverse() if getattr(part, "id", None) is not None]
        assert len(ids) == len(set(ids)), page["path"]


def test_no_callback_names_an_id_by_a_literal():
    literal = []
    for path in CALLBACKS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in {"Input", "Output", "State", "set_props"}:
                literal.append(f"{path.name}:{node.lineno} {node.args[0].value}")
    assert literal == []


def test_callbacks_belong_to_an_app():
    """`dash.callback` fills a list of the whole process: a second app would get none of them."""
    rooms = [path for room in ("callbacks", "pages", "layers") for path in (ROOT / room).rglob("*.py")]
    for path in [*rooms, ROOT / "app.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        used = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        taken = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "dash"
            for alias in node.names
        }
        assert not (used & {"dash.callback", "dash.clientside_callback"}), path
        assert not (taken & {"callback", "clientside_callback"}), path


def test_layers_have_keys_of_their_own():
    for layers in (PLANNER_LAYERS, PLANS_LAYERS, WALL_LAYERS):
        assert len({layer.key for layer in layers}) == len(layers)


def test_what_shares_a_key_shares_its_features():
    """A page may paint a layer in its own way; the address, and what comes from it, are the same."""
    for layer in (*PLANNER_LAYERS, *PLANS_LAYERS, *WALL_LAYERS):
        same = LAYERS[layer.key]
        assert (layer.features, layer.tile) == (same.features, same.tile)
        assert (layer.topics, layer.fields, layer.title) == (same.topics, same.fields, same.title)


def test_assets_hold_no_data():
    kinds = {path.suffix for path in ASSETS.rglob("*") if path.is_file()}
    assert kinds <= {".css", ".js", ".woff2", ".svg", ".txt"}


def test_assets_name_no_address_outside_the_host():
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[\w-]+\.[\w.-]+", re.IGNORECASE)
    files = [path for path in ASSETS.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    assert {path.name: outside.findall(path.read_text(encoding="utf-8")) for path in files} == {
        path.name: [] for path in files
    }


def variables(theme):
    """CSS variables of a theme in assets/theme.css, by our names."""
    text = (ASSETS / "theme.css").read_text(encoding="utf-8")
    block = {"dark": r":root \{(.*?)\}", "light": r'html\[data-theme="light"\] \{(.*?)\}'}[theme]
    (found,) = re.findall(block, text, re.DOTALL)
    return {name.replace("-", "_"): colour for name, colour in re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", found)}


@pytest.mark.parametrize("theme", PALETTES)
def test_the_style_sheet_has_the_colours_of_the_palette(theme):
    palette = asdict(PALETTES[theme])
    del palette["halo"]  # only labels on the map have one
    assert variables(theme) == palette


def luminance(colour):
    """Relative luminance of #RRGGBB (WCAG 2.2)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return sum(share * one for share, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", PALETTES)
def test_sides_and_words_can_be_read_on_every_ground(theme):
    palette = asdict(PALETTES[theme])
    words = ("ink", "quiet", "side_a", "side_b", "side_c", "joint")
    faint = {
        (colour, ground): round(ratio, 2)
        for colour, ground in product(words, ("ground", "land", "chosen"))
        if (ratio := contrast(palette[colour], palette[ground])) < 4.5
    }
    assert faint == {}


@pytest.mark.parametrize("theme", PALETTES)
def test_codes_and_incidents_can_be_read_on_land(theme):
    palette = asdict(PALETTES[theme])
    colours = ("red", "yellow", "green", "incident", "disputed")
    assert {one: ratio for one in colours if (ratio := contrast(palette[one], palette["land"])) < 4.5} == {}


# Machado, Oliveira, Fernandes (2009): what eyes without one of the three cones see, in linear RGB.
COLOUR_BLIND = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def lab(colour, eyes):
    """CIE L*a*b* of #RRGGBB as `eyes` see it."""
    channels = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(COLOUR_BLIND[eyes]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1, 1.089])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("eyes", COLOUR_BLIND)
def test_parties_are_told_apart_by_every_eye(theme, eyes):
    """A difference of 2.3 is just seen; 20 is another colour."""
    palette = asdict(PALETTES[theme])
    pairs = combinations(("side_a", "side_b", "side_c", "joint"), 2)
    apart = {pair: float(np.linalg.norm(lab(palette[pair[0]], eyes) - lab(palette[pair[1]], eyes))) for pair in pairs}
    assert {pair: distance for pair, distance in apart.items() if distance < 20} == {}


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_words_on_a_wall_can_be_read_from_four_picture_heights():
    """See docs/decisions/0008: 2.7 % of the height is 16 arc minutes there."""
    text = (ASSETS / "wall.css").read_text(encoding="utf-8")
    sizes = re.findall(r"([^{}]+)\{[^{}]*?font-size:\s*([\d.]+)vh", text)
    assert len(sizes) > 4
    assert [(selector.strip(), size) for selector, size in sizes if float(size) < 2.7] == []
