#!/bin/sh
# Install system parts that the tests and screenshots need, through apt, where they are missing and may be installed.
# What cannot be installed is named in one line; the tests that need it then skip and say so.
set -eu

missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || missing="$missing chromium-headless-shell"
[ -n "$(fc-list ':lang=zh' 2>/dev/null | head -n 1)" ] || missing="$missing fontconfig fonts-noto-cjk"
ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1 || missing="$missing postgresql-15-postgis-3"
[ -z "$missing" ] && exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root="none"; fi
fi
if [ "$as_root" = none ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed, and not allowed to install here:$missing. Tests that need them will skip." >&2
    exit 0
fi
echo "Installing system parts:$missing" >&2
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >/dev/null
# The engine alone takes a third less of the processor; where it is not packaged, the whole browser will do.
apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=$(echo "$missing" | sed 's/chromium-headless-shell/chromium/')
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null || echo "apt-get could not install:$missing. Tests that need them will skip." >&2
