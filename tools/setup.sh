#!/bin/sh
# Make .venv match requirements.lock with the newest Python from 3.11 to 3.13 found here. Called by make; a second call takes a blink.
set -eu
cd "$(dirname "$0")/.."

usable() {
    "$1" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for minor in 13 12 11; do
        for candidate in "python3.$minor" "$HOME"/.pyenv/versions/3.$minor.*/bin/python3 /usr/local/bin/python3.$minor /opt/homebrew/bin/python3.$minor; do
            if usable "$candidate"; then
                command -v "$candidate"
                return 0
            fi
        done
    done
    if usable python3; then command -v python3; return 0; fi
    echo "Lianfang needs Python 3.11, 3.12 or 3.13 with its venv module, and found none. Install one (Debian: apt-get install python3 python3-venv) and call make again." >&2
    return 1
}

stamp=.venv/.lock-installed
wanted=$(cksum < requirements.lock)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && .venv/bin/python -c '' 2>/dev/null; then
    exit 0
fi

python=$(find_python)
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.tools/bin/uv
    [ -x "$uv" ] || { "$python" -m venv .tools && .tools/bin/python -m pip install --quiet --disable-pip-version-check uv; }
fi
echo "Setting up .venv with $python" >&2
"$uv" venv --quiet --clear --python "$python" .venv
VIRTUAL_ENV=.venv "$uv" pip sync --quiet --compile-bytecode --require-hashes requirements.lock
echo "$wanted" > "$stamp"
