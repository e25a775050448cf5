"""What the demo shows: cases' timelines, their figures, and the proof of every log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.table import Table

from infra.demo.figures import Figure
from infra.demo.story import EXPECTED, Figures
from infra.operators import Operator
from shared.money import format_yuan

_TITLES: Final = {
    "survey_due": "调查期限 / survey due",
    "persons": "保障人口 / persons",
    "standard_fen": "保障标准（月、人） / standard",
    "counted_income_fen": "家庭计入收入 / counted income",
    "amount_fen": "月保障金 / monthly amount",
    "first_publicity_until": "第一次公示截至 / first publicity until",
    "second_publicity_until": "第二次公示截至 / second publicity until",
    "pay_from": "起发月份 / paid from",
    "payments": "已入账笔数 / payments settled",
    "paid_fen": "已发放 / paid",
    "bank_credits": "银行入账笔数 / credits at the bank",
    "bank_fen": "银行入账金额 / credited by the bank",
}


async def timeline(auditor: Operator, case_id: UUID) -> list[dict[str, Any]]:
    """A case's timeline, as oversight tells it."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await auditor.get("oversight", f"/cases/{case_id}/timeline", after=after)
        found += page["entries"]
        after = page["next"]
    return found


def show_timeline(console: Console, entries: Sequence[dict[str, Any]]) -> None:
    """Print a timeline: who did what in which capacity, after what, by which rule and sum."""
    table = Table(title="个案全过程 / The case's timeline", title_justify="left")
    for column in (
        "#",
        "日期 / date",
        "事件 / event",
        "岗位 / role",
        "起因 / after",
        "依据 / basis",
    ):
        table.add_column(column, overflow="fold")
    for entry in entries:
        table.add_row(
            str(entry["number"]),
            entry["effective_on"],
            f"{entry['zh']} {entry['en']}",
            capacity_of(entry),
            cause_of(entry["because"]),
            basis_of(entry),
        )
    console.print(table)


def capacity_of(entry: dict[str, Any]) -> str:
    """In what role somebody acted, and for which office, where the role is of one."""
    role, office = str(entry["role_zh"]), entry["office"]
    return f"{role}（{office}）" if office else role


def cause_of(because: dict[str, Any] | None) -> str:
    """What brought an entry about: another entry, an event beside the case, or a request."""
    if because is None:
        return "申请或指令 / a request"
    if because["entry"] is not None:
        return f"#{because['entry']}"
    return f"{because['service']} {because['log_position']} {because['zh']}"


def basis_of(entry: dict[str, Any]) -> str:
    """The sum behind an entry's figure, and the dated parameters with their articles."""
    lines = [entry["arithmetic"]] if entry["arithmetic"] else []
    lines += [f"{rule['zh']} {rule['said']}（{_source_of(rule)}）" for rule in entry["rules"]]
    return "\n".join(lines)


def _source_of(rule: dict[str, Any]) -> str:
    """What sets a parameter, and why where no regulation does."""
    if rule["standard_id"] is not None and rule["source"] is None:
        return "本地公布的标准 / a standard that the division has set"
    if rule["source"] is None:
        return "参数已变更 / no longer so"
    return f"{rule['source']}: {rule['reason']}" if rule["reason"] else str(rule["source"])


def figures_of(seen: Figures) -> list[Figure]:
    """The story's figures beside what they must be."""
    pairs = ((f.name, getattr(seen, f.name), getattr(EXPECTED, f.name)) for f in fields(Figures))
    return [
        Figure(_TITLES[name], format_yuan(got), format_yuan(must))
        if name.endswith("_fen")
        else Figure(_TITLES[name], str(got), str(must))
        for name, got, must in pairs
    ]


def show_figures(console: Console, figures: Sequence[Figure]) -> None:
    """Print figures beside what they must be."""
    table = Table(title="数据核对 / Figures", title_justify="left")
    table.add_column("项目 / figure")
    table.add_column("结果 / seen", justify="right")
    table.add_column("应为 / must be", justify="right")
    for figure in figures:
        style = "" if figure.seen == figure.must else "bold red"
        table.add_row(*figure, style=style)
    console.print(table)


async def proof(operator: Operator, console: Console) -> list[str]:
    """Verify every log against its topic and against oversight's copies; what is wrong."""
    wrong: list[str] = []
    for service in operator.services:
        answer = await operator.post(service, "/ops/log/verify")
        sentence = (
            f"{service}: {answer['events']} 条事件，链条与主题逐条一致 / events, all verified"
        )
        if answer["sound"]:
            console.print(sentence, highlight=False)
        wrong += [f"{service}: {finding['sentence']}" for finding in answer["findings"]]
    compared = await operator.post("oversight", "/ops/proofs")
    if compared["sound"]:
        copies = compared["copies"]
        console.print(
            f"oversight: {copies} 份监督副本，与各服务日志双向一致 / copies, agree both ways"
        )
    wrong += [
        f"{found['service']} {found['position']}: {found['zh']} / {found['en']}"
        for found in compared["listed"]
    ]
    return wrong
