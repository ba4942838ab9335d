#!/bin/sh
# Installs a lock file into a virtual environment, every file checked against its hash.
# usage: install.sh PYTHON VENV LOCK
# uv is quick; where it cannot reach a registry, pip is asked, which knows its own settings.
set -eu
python=$1 venv=$2 lock=$3

# uv does not read pip's settings: hand on the registry that pip is configured with, if any.
pip_setting() {
    "$python" -m pip config list 2>/dev/null |
        sed -n "s/^\(global\|install\|:env:\)\.$1='\(.*\)'\$/\2/p" | tail -n 1
}
index=$(pip_setting index-url)
if [ -n "$index" ] && [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    export UV_DEFAULT_INDEX="$index"
fi

# Bytecode is made here, once: without it every start of the program compiles its libraries anew.
if VIRTUAL_ENV="$venv" "$venv/bin/uv" pip install --quiet --compile-bytecode --require-hashes -r "$lock"; then
    exit 0
fi
echo "uv could not install $lock; trying pip" >&2
exec "$python" -m pip --python "$venv/bin/python" install --quiet --require-hashes -r "$lock"
