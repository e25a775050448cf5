"""``python -m tests.mutate``: change each figure in turn, see which test fails (``make mutate``).

``python -m tests.mutate publicity_days --tests tests/decision`` tries one parameter only, with
those tests, and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

import pytest

from shared.policy import Policy
from tests.mutate.mutants import mutants
from tests.mutate.page import page
from tests.mutate.results import PAGE, Result, Verdict, write
from tests.mutate.trial import NotGreen, Trial, Trials

TESTS = (
    "tests/decision",
    "tests/verification",
    "tests/intake",
    "tests/care",
    "tests/payment",
    "tests/registry/test_erasure_decisions.py",
    # Through a whole running system it takes seconds each, and deciders have been asked by then.
    "--ignore-glob=*/test_api*.py",
)


def say(line: str) -> None:
    """Tell whoever waits."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tried(policy: Policy, names: Sequence[str], tests: Sequence[str]) -> list[Result]:
    """The results for some parameters, or for all. Raises ``NotGreen``."""
    results: list[Result] = []
    began = time.monotonic()

    def heard(trial: Trial) -> None:
        results.append(Result.of(trial))
        if names:
            last = results[-1]
            say(f"{' '.join(last.place)}: {last.change}: {last.verdict} {last.test}".rstrip())
        elif len(results) % 50 == 0:
            say(f"{time.monotonic() - began:5.0f} s: {len(results)} changes tried")

    trials = Trials(policy, mutants(policy, names), at_once=os.cpu_count() or 1, heard=heard)
    code = pytest.main(["-q", "--no-header", "-p", "no:cacheprovider", *tests], plugins=[trials])
    if trials.failure is not None:
        raise trials.failure
    if code:
        raise NotGreen(f"pytest ended with {code}")
    return results


def main(arguments: Sequence[str]) -> int:
    """Try, and write what was found; of some parameters only tell it."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate")
    parser.add_argument("names", nargs="*", metavar="parameter")
    parser.add_argument("--tests", nargs="+", default=TESTS)
    asked = parser.parse_args(arguments)
    policy = Policy.load()
    for name in asked.names:
        policy.definition(name)
    try:
        results = tried(policy, asked.names, asked.tests)
    except NotGreen as error:
        say(str(error))
        return 1
    if not asked.names:
        write(results)
        PAGE.write_text(page(policy, results), encoding="utf-8")
    for verdict in Verdict:
        say(f"{verdict}: {sum(result.verdict is verdict for result in results)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
