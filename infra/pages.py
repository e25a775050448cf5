"""The front page of the embedded run: where everything is, and how to get a token."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from shared.runtime.definition import Definition
from shared.settings import ClockKind, Settings

_STYLE = """
body{font:17px/1.7 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
max-width:52rem;margin:3rem auto;padding:0 1.2rem;color:#1c2733}
h1{margin-bottom:0}.lead{color:#51606d;margin-top:.2rem}
ul{list-style:none;padding:0}li{border:1px solid #d5dde3;border-radius:.4rem;padding:.6rem 1rem;
margin:.5rem 0}a{color:#0b5c8a}pre{background:#eef2f5;padding:.8rem 1rem;border-radius:.4rem;
overflow:auto;font-size:.85rem}small{color:#51606d}
"""


def front_page(settings: Settings, definitions: Iterable[Definition]) -> str:
    """The page as HTML, Chinese first, English beside."""
    items = "".join(
        f'<li><a href="/{d.name}/docs"><b>{escape(d.title)}</b></a> '
        f'<small>· <a href="/{d.name}/openapi.json">OpenAPI</a> '
        f'· <a href="/{d.name}/readyz">readyz</a></small></li>'
        for d in definitions
    )
    clock = "手动 / by hand" if settings.clock is ClockKind.HAND else "实时 / wall clock"
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>兜底 Doudi</title>'
        f"<style>{_STYLE}</style></head><body>"
        "<h1>兜底 Doudi</h1>"
        '<p class="lead">社会救助个案全流程后台 / '
        "The case-lifecycle backend of social assistance</p>"
        f"<h2>服务 / Services</h2><ul>{items}</ul>"
        "<h2>取得令牌 / Get a token</h2>"
        "<pre>.venv/bin/doudi token --role township_clerk --division 350924100000 --curl</pre>"
        f"<p><small>部署单元 / Cell: {escape(settings.cell)} · 时钟 / Clock: {clock} · "
        "嵌入式运行，仅供本机 / Embedded run, this machine only</small></p></body></html>"
    )
