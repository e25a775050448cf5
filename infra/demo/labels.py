"""What the timeline calls the events, and which of their figures it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.money import format_yuan

NAMES: Final[Mapping[str, str]] = {
    "person-registered": "人员登记",
    "application-submitted": "提交申请",
    "open-application-claimed": "占用在办申请",
    "materials-requested": "一次性告知补正",
    "materials-supplied": "补交材料",
    "application-accepted": "受理",
    "application-closed": "申请办结",
    "check-opened": "开始核查",
    "department-asked": "发起部门核对",
    "department-answered": "部门反馈",
    "home-visit-recorded": "入户调查",
    "democratic-review-held": "民主评议",
    "check-completed": "完成收入核算",
    "determination-opened": "进入审核",
    "benefit-proposed": "拟保障意见",
    "publicity-posted": "张榜公示",
    "publicity-completed": "公示期满",
    "township-approved": "乡镇审核",
    "case-confirmed": "确认",
    "entitlement-opened": "建立待遇",
    "roster-entry-added": "列入发放名册",
    "run-prepared": "编制发放批次",
    "run-page-listed": "批次明细",
    "run-approved": "复核发放批次",
    "run-page-released": "放行明细",
    "roster-months-listed": "名册记月",
    "payment-intended": "支付指令",
    "payment-settled": "银行入账",
}

_FIGURES: Final[Mapping[str, str]] = {
    "standard_fen": "标准",
    "income_fen": "收入",
    "deducted_fen": "扣减",
    "counted_income_fen": "计入收入",
    "amount_fen": "金额",
    "total_fen": "合计",
}
_FACTS: Final[Mapping[str, str]] = {
    "department": "部门",
    "round": "轮次",
    "until_on": "截至",
    "pay_from": "起发月",
    "month": "月份",
    "payments": "笔数",
}


def name_of(event_type: str) -> str:
    """An event's Chinese name with its own beside: ``受理 application-accepted``."""
    short = event_type.split(".")[2]
    return f"{NAMES[short]} {short}" if short in NAMES else short


def facts_of(data: Mapping[str, Any]) -> str:
    """The figures and dates of an event that the timeline shows; money in yuan."""
    shown = [f"{zh} {format_yuan(data[key])}" for key, zh in _FIGURES.items() if key in data]
    shown += [f"{zh} {data[key]}" for key, zh in _FACTS.items() if key in data]
    if "survey_due" in data:
        shown.append(f"调查期限 {data['survey_due']['on']}")
    if "decision_due" in data:
        shown.append(f"确认期限 {data['decision_due']['on']}")
    return "，".join(shown)
