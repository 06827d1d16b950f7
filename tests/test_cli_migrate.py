"""The verb `migrate`, and the server of one's own that calls it."""

import json
import shutil
import stat
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from casework.errors import UnreachableError
from cli import cli
from store import SCHEMA, open_store
from tests.store import specimens
from tools.postgis import ClusterError, free_port, program
from tools.run_postgis import _alone, _served


def migrate(url, monkeypatch, *words):
    monkeypatch.setenv("LIANFANG_DATABASE", url)
    return CliRunner().invoke(cli, ["migrate", *words])


def test_a_new_file_is_made(tmp_path, monkeypatch):
    done = migrate(str(tmp_path / "new.sqlite"), monkeypatch, "--json")
    assert json.loads(done.stdout) == {"schema": SCHEMA}
    assert (tmp_path / "new.sqlite").exists()


def test_a_server_that_is_not_there_is_named_in_words(monkeypatch):
    done = migrate(f"postgresql+psycopg2://me@127.0.0.1:{free_port()}/ours", monkeypatch)
    assert done.exit_code == 1
    assert "ours on 127.0.0.1 does not answer" in done.output
    assert "Traceback" not in done.output


@pytest.fixture
def folder():
    if program("pg_ctl") is None:
        pytest.skip("no PostgreSQL server is installed: call tools/system.sh")
    # Not below pytest's own folder, which only its owner may enter.
    made = Path(tempfile.mkdtemp(prefix="lianfang-postgis-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_a_server_of_ones_own_finds_its_data_again(folder, monkeypatch):
    with _alone(folder), _served(folder) as (owner_url, app_url):
        assert SCHEMA in migrate(owner_url, monkeypatch).output
        with closing(open_store(app_url)) as store:
            store.save_patrol(specimens.patrol())
        with pytest.raises(ClusterError, match="another call"), _alone(folder):
            pass
    assert stat.S_IMODE((folder / "passwords.json").stat().st_mode) == 0o600
    with pytest.raises(UnreachableError):
        open_store(app_url)
    with _alone(folder), _served(folder) as (_, app_url), closing(open_store(app_url)) as store:
        assert store.patrols() == (specimens.patrol(),)
