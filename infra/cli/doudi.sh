#!/bin/sh
# The doudi command of a checkout: make copies it to .venv/bin/doudi. It works from any folder;
# ./data is the one of the folder it is called in.
root=$(dirname "$(readlink -f "$0")")/../..
PYTHONPATH=$root${PYTHONPATH:+:$PYTHONPATH} exec "$root/.venv/bin/python" -P -m infra.cli "$@"
