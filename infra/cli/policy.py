"""``doudi policy``: what the rules are at a place and on a date, and what differs.

Reads the parameter files only; nothing has to run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

import typer
from rich.markup import escape
from rich.table import Table

from infra.cli.talk import err, out, table
from infra.demo import STANDARDS
from shared.clock import WallClock, legal_date
from shared.policy import ALL, Definition, Entry, MissingValue, Policy, Value
from shared.policy.comparing import (
    Difference,
    Standing,
    differences,
    held_in,
    matching,
    programmes_of,
)
from shared.policy.wording import source, span, worded
from shared.regions import Regions, UnknownDivision, load_regions
from shared.settings import PREFIX, load_settings

app = typer.Typer(no_args_is_help=True)

_CODE: Final = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}")

Region = Annotated[
    str | None,
    typer.Option(help="A division: its 12 digits, or the first 2, 4, 6 or 9 of them."),
]
Programme = Annotated[str | None, typer.Option(help="One programme only, such as dibao.")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date: YYYY-MM-DD.")]


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="A parameter's name, or words of it in any language.")],
    region: Region = None,
    on: On = None,
    programme: Programme = None,
) -> None:
    """Show a parameter at a place and on a date: the value, its source, what it goes before.

    Without a place it is the deployment's own, without a date it is today.
    """
    rules = Rules.read()
    rules.require(programme)
    asked = rules.standing(region, on)
    found = matching(rules.policy, key)
    if len(found) > 1:
        rules.list(found, asked, programme)
        return
    (definition,) = found
    told = [rules.tell(definition, held_by, asked) for held_by in rules.of(definition, programme)]
    if not any(told):
        raise typer.Exit(1)


@app.command()
def diff(
    key: Annotated[
        str | None, typer.Argument(help="Parameters by name or words; all if unset.")
    ] = None,
    region: Region = None,
    against: Annotated[str | None, typer.Option(help="Another division, compared with it.")] = None,
    on: On = None,
    and_: Annotated[
        datetime | None,
        typer.Option("--and", formats=["%Y-%m-%d"], help="Another date, compared with it."),
    ] = None,
    programme: Programme = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what is the same under another source.")
    ] = False,
) -> None:
    """Show what differs between two dates (--on, --and) or two places (--region, --against)."""
    if and_ is None and against is None:
        raise typer.BadParameter("name another date (--and) or another place (--against)")
    rules = Rules.read()
    rules.require(programme)
    left, right = rules.standing(region, on), rules.standing(against or region, and_ or on)
    asked = matching(rules.policy, key) if key else rules.policy.definitions()
    found = [
        one
        for one in differences(rules.policy, left, right, asked)
        if programme in (None, one.programme)
    ]
    shown = [one for one in found if every or one.in_figure]
    rules.compare(shown, left, right)
    if rest := len(found) - len(shown):
        out.print(
            f"另有 {rest} 项数值相同、依据不同。 {rest} more, the same by another source: --all"
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters of this deployment, and the names of places."""

    policy: Policy
    regions: Regions
    home: str

    @classmethod
    def read(cls) -> Rules:
        """As the settings say; the demo's standards where they name none, as ``serve`` does."""
        settings = load_settings()
        folders = settings.policy_dirs
        if f"{PREFIX}POLICY_DIRS" not in os.environ:
            folders = (STANDARDS,)
            err.print(
                f"地方标准用演示数据 Local standards of the demo: no {PREFIX}POLICY_DIRS is set"
            )
        return cls(Policy.load(folders), load_regions(settings.region_dirs), settings.home_division)

    def standing(self, region: str | None, on: datetime | None) -> Standing:
        """Where and when; the deployment's own division, and today in Shanghai."""
        code = self.home if region is None else region
        if not _CODE.fullmatch(code):
            raise typer.BadParameter(f"a division has 2, 4, 6, 9 or 12 digits: {code!r} has not")
        return Standing(code, on.date() if on else legal_date(WallClock().now()))

    def require(self, programme: str | None) -> None:
        """There is such a programme, if one is asked for. Raises ``BadParameter``."""
        if programme is not None and programme not in self.policy.programmes:
            there = ", ".join(self.policy.programmes)
            raise typer.BadParameter(f"there is no programme {programme}; there are {there}")

    def of(self, definition: Definition, programme: str | None) -> tuple[str, ...]:
        """Which programmes are told of: the one asked for, or all that have values."""
        return (programme,) if programme else programmes_of(self.policy, definition.name)

    def list(self, found: Iterable[Definition], asked: Standing, programme: str | None) -> None:
        """Several parameters in one table, with what holds of each."""
        table(
            f"参数 Parameters: {self._place(asked.region, asked.on)}, {asked.on}",
            ("参数 parameter", "名称 name", "救助 programme", "值 value"),
            (
                (one.name, f"{one.zh} {one.en}", self._programme(held_by), self._figure(one, value))
                for one in found
                for held_by in self.of(one, programme)
                for value in [held_in(self.policy, one.name, held_by, asked)]
            ),
        )

    def tell(self, definition: Definition, programme: str, asked: Standing) -> bool:
        """One parameter of one programme in full. Whether it has a value."""
        out.print(
            f"[bold]{definition.zh}[/bold] {definition.en} "
            f"({definition.name}, {self._programme(programme)})"
        )
        try:
            held = self.policy.value(definition.name, asked.region, programme, asked.on)
        except MissingValue as missing:
            err.print(f"[red]无值 no value:[/red] {escape(str(missing))}", soft_wrap=True)
            return False
        _, *wider = self.policy.values(definition.name, asked.region, programme, asked.on)
        lines = Table.grid(padding=(0, 2))
        for name, what in self._lines(definition, held, asked):
            lines.add_row(name, escape(what))
        for value in wider:
            lines.add_row(
                "优先于 goes before",
                escape(f"{self._figure(definition, value)} — {self._held(value)}"),
            )
        out.print(lines)
        self._course(definition, programme, asked, held)
        return True

    def compare(self, found: Iterable[Difference], left: Standing, right: Standing) -> None:
        """Differences side by side, each with its source."""
        found = list(found)
        if not found:
            out.print("没有不同 Nothing differs.")
            return
        table(
            f"{len(found)} 项不同 differences",
            (
                "参数 parameter",
                "救助 programme",
                f"{self._place(left.region, left.on)} {left.on}",
                f"{self._place(right.region, right.on)} {right.on}",
            ),
            (
                (
                    f"{one.definition.zh}\n{one.definition.name}",
                    self._programme(one.programme),
                    self._cell(one.definition, one.left),
                    self._cell(one.definition, one.right),
                )
                for one in found
            ),
        )

    def _lines(
        self, definition: Definition, value: Value, asked: Standing
    ) -> Iterable[tuple[str, str]]:
        yield "值 value", worded(definition, value.figure)
        yield "依据 source", self._source(value)
        if value.open:
            yield "未作规定 open", "法规未作规定，由本系统择定 no regulation settles it"
        if value.quote:
            yield "原文 words", f"“{value.quote}”"
        if value.note:
            yield "理由 reason" if value.open else "说明 note", value.note
        yield (
            "适用 holds",
            f"{self._place(value.scope, asked.on)}，{span(value.valid_from, value.valid_to)}",
        )

    def _course(self, definition: Definition, programme: str, asked: Standing, held: Value) -> None:
        """Everything that was ever set for the place, and what holds of it."""
        entries = [
            entry
            for entry in self.policy.entries(definition.name)
            if entry.programme in (programme, ALL) and asked.region.startswith(entry.scope)
        ]
        entries.sort(key=lambda entry: (entry.valid_from, -len(entry.scope)))
        table(
            "沿革 In the course of time",
            ("", "期间 time", "地域 place", "值 value", "依据 source"),
            (
                (
                    "→" if _is(entry, held) else "",
                    span(entry.valid_from, entry.valid_to),
                    self._place(entry.scope, asked.on),
                    worded(definition, entry.figure),
                    source(entry.document, entry.article),
                )
                for entry in entries
            ),
        )

    def _cell(self, definition: Definition, value: Value | None) -> str:
        if value is None:
            return "—"
        return f"{worded(definition, value.figure)}\n{self._source(value)}"

    def _figure(self, definition: Definition, value: Value | None) -> str:
        return "—" if value is None else worded(definition, value.figure)

    def _source(self, value: Value) -> str:
        return source(self.policy.document(value.document), value.article)

    def _held(self, value: Value) -> str:
        return f"{self._place(value.scope, value.valid_from)}，{self._source(value)}"

    def _programme(self, code: str) -> str:
        return f"{self.policy.programmes.get(code, code)} {code}"

    def _place(self, code: str, on: date) -> str:
        if not code:
            return "全国 everywhere"
        try:
            return f"{self.regions.division(code.ljust(12, '0'), on).name} {code}"
        except UnknownDivision:
            return code


def _is(entry: Entry, value: Value) -> bool:
    return (entry.programme, entry.scope, entry.valid_from) == (
        value.programme,
        value.scope,
        value.valid_from,
    )
