"""Dashboard, alerts and scrape configuration, held against what a running system exposes."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml
from prometheus_client.parser import text_string_to_metric_families

from infra.demo.office import OPERATOR
from infra.distributed import PARTS
from shared.settings import SERVICES
from tests.compose.conftest import compose
from tests.lived import Place

FOLDER = Path(__file__).parents[2] / "infra" / "observability"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SELECTOR = re.compile(r"\b(doudi_\w+|up)\b(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)(=~|!=|=|!~)"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|without|on|ignoring) \(([^)]*)\)")
FUNCTIONS = {
    *("sum", "min", "max", "topk", "rate", "increase", "histogram_quantile"),
    *("max_over_time", "min_over_time", "by"),
}

__all__ = ["compose"]


@dataclass
class Exposed:
    """What a system exposes: its metrics, and the samples' labels with their values."""

    families: set[str] = field(default_factory=set)
    samples: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def add(self, text: str) -> None:
        for family in text_string_to_metric_families(text):
            if family.name.startswith("doudi_"):
                self.families.add(family.name)
            for sample in family.samples:
                known = self.samples.setdefault(sample.name, {})
                for label, value in sample.labels.items():
                    known.setdefault(label, set()).add(value)

    def family_of(self, name: str) -> str:
        stem = re.sub(r"_(total|bucket|sum|count)$", "", name)
        return stem if stem in self.families else name


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def exposed(lived_embedded: Place) -> Exposed:
    found = Exposed()
    for service in SERVICES:
        answer = await lived_embedded.house.call(OPERATOR, "GET", service, "/metrics")
        assert answer.status_code == 200
        found.add(answer.text)
    return found


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
    return found


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def loaded(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def alerts() -> list[dict[str, Any]]:
    return [rule for group in loaded("alerts.yml")["groups"] for rule in group["rules"]]


def target_labels() -> set[str]:
    (job,) = loaded("prometheus.yml")["scrape_configs"]
    labels = {label for group in job["static_configs"] for label in group["labels"]}
    return labels | {"job", "instance"}


def expressions() -> Iterator[tuple[str, str]]:
    """Each query, with what it is for."""
    for panel in panels():
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])
    yield from ((rule["alert"], rule["expr"]) for rule in alerts())


def test_every_query_asks_for_metrics_and_labels_that_there_are(exposed: Exposed) -> None:
    of_target = target_labels()
    for title, expression in expressions():
        asked: set[str] = set()
        for name, matchers in SELECTOR.findall(expression):
            labels: dict[str, set[str]] = {}
            if name != "up":
                assert name in exposed.samples, f"{title}: {name} is not exposed"
                labels = exposed.samples[name]
            asked |= labels.keys()
            for label, how, value in MATCHER.findall(matchers):
                assert label in labels.keys() | of_target, f"{title}: {name} has no {label}"
                if how == "=" and label in labels:
                    assert value in labels[label], f"{title}: no {name} has {label}={value}"
        for names in GROUPING.findall(expression):
            for label in names.split(","):
                assert label.strip() in asked | of_target, f"{title}: nothing has {label}"


def test_every_query_is_made_of_what_we_know(exposed: Exposed) -> None:
    for title, expression in expressions():
        bare = re.sub(r'"[^"]*"|\[[0-9]+[mh]\]', "", expression)
        for opening, closing in ("()", "{}"):
            assert bare.count(opening) == bare.count(closing), title
        bare = GROUPING.sub("", re.sub(r"\{[^}]*\}", "", bare))
        words = {word for word in re.findall(r"[a-z_]+", bare) if not word.startswith("doudi_")}
        assert words <= FUNCTIONS | {"up"}, title


@pytest.mark.parametrize("kind", ["histogram", "counter"])
def test_counters_are_asked_for_their_growth(exposed: Exposed, kind: str) -> None:
    ending = {"histogram": "_bucket", "counter": "_total"}[kind]
    for title, expression in expressions():
        for name, _ in SELECTOR.findall(expression):
            if name.endswith(ending):
                grown = re.findall(rf"(?:rate|increase)\({name}(?:{{[^}}]*}})?\[", expression)
                assert grown, f"{title}: {name} as it stands says when the process began"


def test_every_metric_is_on_the_dashboard_or_listed_as_not(exposed: Exposed) -> None:
    shown = {
        exposed.family_of(name)
        for panel in panels()
        for target in panel["targets"]
        for name, _ in SELECTOR.findall(target["expr"])
    }
    listed = tomllib.loads((FOLDER / "not_shown.toml").read_text(encoding="utf-8"))
    assert not shown & listed.keys()
    assert shown | listed.keys() == exposed.families


def test_labels_are_in_both_languages_chinese_first() -> None:
    titles = [panel["title"] for panel in dashboard()["panels"]]
    titles += [
        panel["description"]
        for panel in panels()
        if "description" in panel and " / " in panel["description"]
    ]
    titles += [rule["annotations"]["summary"] for rule in alerts()]
    for title in titles:
        chinese, _, english = title.rpartition("/ ")
        assert CHINESE.search(chinese), title
        assert english.strip(), title
        assert not CHINESE.search(english), title


def test_panels_have_places_of_their_own() -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in dashboard()["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        for x in range(at["x"], at["x"] + at["w"]):
            for y in range(at["y"], at["y"] + at["h"]):
                assert (x, y) not in taken, f"{panel['title']} lies on {taken[x, y]}"
                taken[x, y] = panel["title"]
    ids = [panel["id"] for panel in dashboard()["panels"]]
    assert len(set(ids)) == len(ids)


def test_alerts_name_themselves_and_only_labels_that_are_left(exposed: Exposed) -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)
    for rule in alerts():
        assert rule["labels"]["severity"] in ("critical", "warning")
        left = {n.strip() for names in GROUPING.findall(rule["expr"]) for n in names.split(",")}
        left = left or target_labels()
        for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]):
            assert label in left, f"{rule['alert']}: {label} is not left by its expression"


def test_every_process_of_the_deployment_is_scraped(compose: dict[str, Any]) -> None:
    (job,) = loaded("prometheus.yml")["scrape_configs"]
    scraped = {}
    for group in job["static_configs"]:
        (target,) = group["targets"]
        host, _, port = target.partition(":")
        assert host == "house"
        scraped[group["labels"]["service"], group["labels"]["part"]] = port
    deployed = {
        (service, part): str(compose["services"][f"{service}-{part}"]["environment"]["DOUDI_PORT"])
        for service in SERVICES
        for part in PARTS
    }
    assert scraped == deployed
