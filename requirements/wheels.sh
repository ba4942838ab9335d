#!/bin/sh
# Makes a folder of wheels with which kaohe installs where there is no network: the program, all it
# needs at run time in the locked versions, scans and Dask included, and SHA256SUMS to check the copy with.
# usage: wheels.sh PYTHON FOLDER [more options of pip download, such as --platform]
# Python's version and the system must be those of the machine that it is to run on.
set -eu
python=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
shift 2
cd "$(dirname "$0")/.."
lock=$PWD/requirements/dev.lock

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Built from a copy: a build leaves files behind.
rooms=$(sed -n 's/^ROOMS := //p' Makefile)
# shellcheck disable=SC2086  # a list of folders
cp -r pyproject.toml README.md $rooms "$work"
rm -rf "$work"/warehouse/tables*
mkdir -p "$work/raw/notices" # what `kaohe demo` shows
cp -r raw/notices/ziyang-2020 raw/notices/ziyang-2020-text "$work/raw/notices"
"$python" -m pip wheel --quiet --no-deps --wheel-dir "$folder" "$work"

# The lock without its hashes, to which pip would hold the program itself; they are compared below.
sed -n 's/^\([A-Za-z0-9._-]*==[^\\]*[^\\ ]\) *\\\{0,1\}$/\1/p' "$lock" >"$work/constraints"
"$python" -m pip download --quiet --only-binary=:all: --dest "$folder" \
    --constraint "$work/constraints" "$@" "$(ls "$folder"/kaohe-*.whl)[scan,dask]"

cd "$folder"
for wheel in *.whl; do
    hash=$(sha256sum "$wheel" | cut -d ' ' -f 1)
    case $wheel in
    kaohe-*) ;;
    *) grep -q "sha256:$hash" "$lock" || {
        echo "$wheel is not the file that $lock names" >&2
        exit 1
    } ;;
    esac
done
sha256sum -- *.whl >SHA256SUMS
echo "$(wc -l <SHA256SUMS) wheels in $folder" >&2
