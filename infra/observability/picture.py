"""``python -m infra.observability.picture`` draws docs/status.svg, `doudi status` as it is."""

from __future__ import annotations

import asyncio
import re
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console

from infra.cli.status import look, screen
from infra.demo.cells import FUJIAN
from infra.demo.running import demo, embedded
from infra.operators import Operator
from shared.settings import SERVICES

PICTURE: Final = Path(__file__).parents[2] / "docs" / "status.svg"
_COLUMNS: Final = 132


async def draw() -> str:
    """Live the demo, look at its system, and draw what an operator sees."""
    quiet = Console(file=StringIO())
    with TemporaryDirectory() as folder:
        async with embedded(Path(folder)) as (system, sandbox), Operator(system) as operator:
            await demo(FUJIAN, system, sandbox, quiet)
            before = await look(operator, SERVICES)
            found = await look(operator, SERVICES)
    console = Console(record=True, width=_COLUMNS, file=StringIO(), highlight=False)
    console.print(screen(found, before))
    return plain(console.export_svg(title="doudi status"))


def plain(picture: str) -> str:
    """Without the fonts that it would load from elsewhere: a reader's own will do."""
    return re.sub(r"\s*@font-face \{[^}]*\}", "", picture)


if __name__ == "__main__":
    PICTURE.write_text(asyncio.run(draw()), encoding="utf-8")
