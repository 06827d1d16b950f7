"""A mapping file says what a file does not, and is checked before anything is read."""

import pytest

from casework.model import Kind
from intake.errors import MappingError
from intake.mapping import mapping_of, read_mapping

GOOD = """
datum = "gcj02"
timezone = "Asia/Shanghai"
date_format = "%m/%d/%Y"
[columns]
category = "medium"
[values.category]
"Fresh water" = "水"
[values.reported_jurisdiction]
"COLUMBIA WA" = "Columbia"
[defaults]
severity = 2
source = "信访"
"""


def test_a_good_mapping_is_in_our_words(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(GOOD, encoding="utf-8-sig")
    mapping = read_mapping(path, Kind.INCIDENTS)
    assert mapping.datum == "gcj02"
    assert mapping.columns == {"category": "medium"}
    assert mapping.words["category"] == {"Fresh water": "water"}
    assert mapping.defaults == {"severity": "2", "source": "complaint"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"colums": {}}, "colums"),
        ({"columns": {"medium": "category"}}, "our field first"),
        ({"values": {"category": {"Lava": "lava"}}}, "one of water"),
        ({"values": {"description": {"a": "b"}}}, "choices are category"),
        ({"defaults": {"severity": "awful"}}, "one of minor"),
        ({"defaults": {"lon": 120}}, "no default"),
    ],
)
def test_a_bad_mapping_says_what_is_wrong(content, says):
    with pytest.raises(MappingError, match=says):
        mapping_of(content, Kind.INCIDENTS)


def test_what_is_no_mapping_file(tmp_path):
    with pytest.raises(MappingError, match="cannot be opened"):
        read_mapping(tmp_path / "absent.toml", Kind.FIRMS)
    (tmp_path / "bad.toml").write_text("= nothing")
    with pytest.raises(MappingError, match="TOML"):
        read_mapping(tmp_path / "bad.toml", Kind.FIRMS)
