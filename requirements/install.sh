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

if ! VIRTUAL_ENV="$venv" "$venv/bin/uv" pip install --quiet --require-hashes -r "$lock"; then
    echo "uv could not install $lock; trying pip" >&2
    "$python" -m pip --python "$venv/bin/python" install --quiet --no-compile --require-hashes -r "$lock"
fi

# Bytecode is made here, once: without it every start of the program compiles its libraries anew.
# Nobody imports their tests, which are a seventh of it; what does not compile is not imported, too.
"$venv/bin/python" -m compileall -q -j 0 -x 'site-packages/.*/tests?/' "$venv/lib" >/dev/null || true
