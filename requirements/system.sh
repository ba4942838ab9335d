#!/bin/sh
# Chromium and Chinese fonts: the tests look at pages and print HTML to PDF with them; the program needs
# neither. The browser without windows of its own starts with a third of the work.
# LibreOffice: with it the program reads .doc, .wps, .rtf, .odt and .ods, and does without else.
set -eu
missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || missing="$missing chromium-headless-shell"
dpkg -s fonts-noto-cjk >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
command -v soffice >/dev/null 2>&1 || missing="$missing libreoffice-writer libreoffice-calc"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not installed and needed by tests:$missing" >&2
    echo "Install them once as root: apt-get install$missing" >&2
    exit 0
fi
echo "Installing$missing (for tests)" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of package names
apt-get install -y -qq --no-install-recommends $missing >/dev/null
