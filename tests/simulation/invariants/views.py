"""Views: what the log folds to, and never behind what they say they show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.simulation.findings import Invariant, require
from tests.simulation.harness import drive
from tests.simulation.invariants.history import PAGE, History

if TYPE_CHECKING:
    from tests.simulation.house import Site


def views_are_true(history: History) -> None:
    """Each view is what folding the whole log from its beginning gives."""
    site = history.site
    for projection in site.definition.projections:
        view, documents = projection.spec.name, dict[str, Any]()
        for document in history.events(*projection.events):
            for key in projection.keys(document):
                documents[key] = projection.fold(key, documents.get(key), document)
        expected = {key: found for key, found in documents.items() if found is not None}
        shown = {found.pop("_id"): found for found in _shown(site, view)}
        differing = sorted(k for k in {*expected, *shown} if expected.get(k) != shown.get(k))
        text = f"{site.name}: {view} differs from its log in " + "; ".join(
            f"{k}: shows {shown.get(k)}, should {expected.get(k)}" for k in differing
        )
        require(not differing, Invariant.VIEWS_TRUE, text)


def views_are_never_behind(history: History) -> None:
    """A document shows everything up to its view's position at least, and nothing that never was.

    So whoever waits for a position sees what was written there.
    """
    site = history.site
    for projection in site.definition.projections:
        view, folds = projection.spec.name, defaultdict[str, list[Any]](list)
        reached = drive(site.views.progress(view)).position
        oldest: dict[str, int] = {}
        for row, document in zip(history.rows, history.documents, strict=True):
            if not isinstance(document.data, tuple(projection.events)):
                continue
            for key in projection.keys(document):
                before = folds[key][-1] if folds[key] else None
                folds[key].append(projection.fold(key, before, document))
                if row.position <= reached:
                    oldest[key] = len(folds[key]) - 1
        for key, states in folds.items():
            possible = states[oldest[key] :] if key in oldest else [None, *states]
            found = drive(site.views.get(view, key))
            if found is not None:
                del found["_id"]
            text = f"{site.name}: {view} {key} at {reached} shows {found}, not one of {possible}"
            require(found in possible, Invariant.VIEWS_TRUE, text)


def _shown(site: Site, view: str) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        page = drive(site.views.query(view, after=after, limit=PAGE))
        yield from page.documents
        after = page.after
        if after is None:
            return
