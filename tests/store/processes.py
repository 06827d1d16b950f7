"""Pythons of their own that work on the same store."""

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
PREAMBLE = """
import os, sys
from store.embedded import EmbeddedStore
from casework.model import *
from tests.store import specimens
from tests.store.specimens import load
"""
OPEN = "store = EmbeddedStore(sys.argv[1], busy_s=60)\n"
OPEN_ANY = "from store import open_store\nstore = open_store(sys.argv[1])\n"


def start(url, script, *, stdin=False):
    """A Python of its own that runs `script`."""
    told = subprocess.PIPE if stdin else None
    command = [sys.executable, "-c", PREAMBLE + script, url]
    return subprocess.Popen(command, cwd=ROOT, stdin=told, stdout=subprocess.PIPE, text=True)


def fork(url, script, n, opening=OPEN):
    """Exit codes of `n` processes that open the store at the same moment and run `script` on it."""
    forks = f"""
children = []
for process in range({n}):
    child = os.fork()
    if not child:
        break
    children.append(child)
else:
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(*codes)
    sys.exit()
"""
    parent = start(url, forks + opening + textwrap.dedent(script))
    return [int(code) for code in parent.communicate(timeout=120)[0].split()]
