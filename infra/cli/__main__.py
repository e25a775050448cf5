"""``python -m infra.cli``: the ``doudi`` command where no script is installed."""

from infra.cli import app

app(prog_name="doudi")
