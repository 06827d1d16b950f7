"""Archives that unpack to more than anyone can read, lie about it, or lead out of their folder."""

import struct
import zipfile

import pytest

from intake import packed
from intake.errors import FileError
from intake.files import open_table
from intake.packed import check_packed


def archive(path, n_bytes, members=1):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for n in range(members):
            made.writestr(f"../../{n}/xl/worksheets/sheet1.xml", b"\0" * n_bytes)
    return path


@pytest.mark.parametrize("name", ["bomb.xlsx", "bomb.zip"])
def test_what_would_fill_the_memory_is_refused_before_it_is_read(tmp_path, monkeypatch, name):
    monkeypatch.setattr(packed, "MOST_BYTES", 10_000_000)
    file = archive(tmp_path / name, 10_000_001)
    assert file.stat().st_size < 100_000
    with pytest.raises(FileError, match=r"unpacked it would be 10 MB in 1 files; at most 10 MB"):
        open_table(file)


def test_many_files_are_refused(tmp_path):
    with pytest.raises(FileError, match=r"10,001 files"):
        check_packed(archive(tmp_path / "many.zip", 0, members=10_001))


def test_an_archive_that_says_it_is_small_is_found_out(tmp_path):
    file = archive(tmp_path / "liar.xlsx", 5_000_000)
    content = file.read_bytes()
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(mark) + at
        content = content[:place] + struct.pack("<I", 100) + content[place + 4 :]
    file.write_bytes(content)
    with pytest.raises(FileError, match="cannot be unpacked"):
        open_table(file)


def test_what_is_no_archive_is_left_to_its_reader(tmp_path):
    file = tmp_path / "none.xlsx"
    file.write_bytes(b"no archive")
    check_packed(file)
    with pytest.raises(FileError, match="readable workbook"):
        open_table(file)


def test_an_archive_writes_nothing_beside_itself(tmp_path):
    file = archive(tmp_path / "ways.zip", 10)
    with pytest.raises(FileError):
        open_table(file)
    assert [one.name for one in tmp_path.iterdir()] == ["ways.zip"]
