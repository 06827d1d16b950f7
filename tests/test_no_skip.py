"""A skip hides what was not checked: before anything lands, none is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = {
    "in the test": 'import pytest\ndef test(): pytest.skip("gone")',
    "by a mark": 'import pytest\n@pytest.mark.skip(reason="gone")\ndef test(): pass',
    "of a whole file": 'import pytest\npytest.skip("gone", allow_module_level=True)',
}
EXPECTED = 'import pytest\n@pytest.mark.xfail(reason="known")\ndef test(): assert False'


def run(folder, code, no_skip):
    shutil.copy(Path(__file__).with_name("conftest.py"), folder)
    (folder / "test_it.py").write_text(code)
    (folder / "pytest.ini").write_text("[pytest]\n")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    root = str(Path(__file__).resolve().parents[1])
    environment = os.environ | {"LIANFANG_NO_SKIP": no_skip, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": root}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("code", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_and_says_why(tmp_path, code):
    done = run(tmp_path, code, "1")
    assert done.returncode not in (0, 5)
    assert "gone" in done.stdout


def test_a_skip_passes_where_it_is_allowed(tmp_path):
    assert run(tmp_path, SKIPS["in the test"], "").returncode == 0


def test_an_expected_failure_is_no_skip(tmp_path):
    assert run(tmp_path, EXPECTED, "1").returncode == 0
