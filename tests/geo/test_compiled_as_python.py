"""The compiled questions run as plain Python too: the same lines, and every branch of them is walked."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Compiled numbers wrap around, as hashing wants it; NumPy warns of that.
WRAPS = ("-W", "ignore:overflow encountered:RuntimeWarning")
FILES = (
    "test_segment_grid.py",
    "test_twins.py",
    "test_rings.py",
    "test_facing.py",
    "test_midlines.py",
    "test_junctions.py",
    "test_scan_kernels.py",
)


def test_without_compilation_the_answers_are_the_same():
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            *WRAPS,
            *(f"tests/geo/{name}" for name in FILES),
        ],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
