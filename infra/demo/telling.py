"""What the demo shows: the case's timeline, its figures, and the proof of every log."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.table import Table

from infra.demo.labels import facts_of, name_of
from infra.demo.story import EXPECTED, Figures
from infra.operators import Operator
from shared.access.roles import Role
from shared.money import format_yuan

_PAGE: Final = 500
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


async def events_of(operator: Operator, service: str) -> list[dict[str, Any]]:
    """Every event of a service's log, in its order."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = await operator.get(service, "/ops/log", after=after, limit=_PAGE)
        found += [row["event"] for row in page["events"]]
        after = page.get("next")
    return found


async def timeline(operator: Operator, case_id: UUID) -> list[dict[str, Any]]:
    """The case's events over all services, each after what caused it.

    Events of one service stay in its log's order; between services an event comes after the one
    that it follows from, and otherwise by the moment of recording.
    """
    logs = {name: await events_of(operator, name) for name in operator.services}
    queues = {
        name: [e for e in events if e["subject"] == str(case_id)] for name, events in logs.items()
    }
    waiting = {event["id"] for queue in queues.values() for event in queue}
    told: list[dict[str, Any]] = []
    while any(queues.values()):
        ready = [
            (queue[0]["time"], order, name)
            for order, (name, queue) in enumerate(queues.items())
            if queue and queue[0].get("causationid") not in waiting
        ]
        _time, _order, name = min(ready)
        event = queues[name].pop(0)
        waiting.discard(event["id"])
        told.append(event)
    return told


def show_timeline(console: Console, events: list[dict[str, Any]]) -> None:
    """Print the timeline."""
    table = Table(title="个案经过 / The case's timeline", title_justify="left")
    for column in ("日期 / date", "服务 / service", "事件 / event", "岗位 / role", "内容 / facts"):
        table.add_column(column, overflow="fold")
    for event in events:
        service = event["source"].rpartition("/")[2]
        role = Role(event["role"]).zh
        facts = facts_of(event["data"])
        table.add_row(event["effectiveon"], service, name_of(event["type"]), role, facts)
    console.print(table)


def show_figures(console: Console, seen: Figures) -> None:
    """Print the figures beside what they must be."""
    table = Table(title="数据核对 / Figures", title_justify="left")
    table.add_column("项目 / figure")
    table.add_column("结果 / seen", justify="right")
    table.add_column("应为 / must be", justify="right")
    for field in fields(Figures):
        got, must = getattr(seen, field.name), getattr(EXPECTED, field.name)
        if field.name.endswith("_fen"):
            got, must = format_yuan(got), format_yuan(must)
        style = "" if got == must else "bold red"
        table.add_row(_TITLES[field.name], str(got), str(must), style=style)
    console.print(table)


async def proof(operator: Operator, console: Console) -> list[str]:
    """Verify every log against its topic; what is wrong, as sentences."""
    wrong: list[str] = []
    for service in operator.services:
        answer = await operator.post(service, "/ops/log/verify")
        sentence = (
            f"{service}: {answer['events']} 条事件，链条与主题逐条一致 / events, all verified"
        )
        if answer["sound"]:
            console.print(sentence, highlight=False)
        wrong += [f"{service}: {finding['sentence']}" for finding in answer["findings"]]
    return wrong
