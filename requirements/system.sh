#!/bin/sh
# Chromium and Chinese fonts: the tests print HTML to PDF with them; the program needs neither.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
dpkg -s fonts-noto-cjk >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed and needed by tests that print to PDF:$missing" >&2
    echo "Install them once as root: apt-get install$missing" >&2
    exit 0
fi
echo "Installing$missing (for tests that print to PDF)" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of package names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
