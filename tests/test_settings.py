"""What follows from the settings: addresses and folders."""

from pathlib import Path

import pytest

from settings import Settings


@pytest.mark.parametrize(
    ("database", "folder"),
    [
        ("data/ours.sqlite", Path("data/ours.sqlite-work")),
        ("sqlite:////srv/ours.sqlite", Path("/srv/ours.sqlite-work")),
        ("postgresql+psycopg2://me:secret@host:5432/ours?sslmode=require", Path("data/ours-work")),
    ],
)
def test_work_in_the_background_lies_beside_a_file_and_in_data_otherwise(database, folder):
    settings = Settings(database=database)
    assert settings.work_folder == folder.resolve()
    assert "secret" not in str(settings.work_folder)


def test_an_address_is_taken_as_it_is():
    assert Settings(database="postgresql+psycopg2://host/ours").database_url == "postgresql+psycopg2://host/ours"
    assert Settings(database="ours.sqlite").database_url == f"sqlite:///{Path('ours.sqlite').resolve()}"
