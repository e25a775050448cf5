"""What is proposed, in print: the amount with its sum, or the reason to refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from services.decision.printed import figures
from services.decision.printed.household import is_of_child, is_of_one_person, tests_means
from services.decision.printed.sources import Sources
from services.decision.printed.words import said, yuan
from shared.access.offices import county
from shared.contracts.aid import ExpenseAid
from shared.contracts.decision import BenefitProposed, DeterminationOpened, RefusalProposed
from shared.regions import Regions


def proposed_lines(
    event: BenefitProposed | RefusalProposed,
    account: DeterminationOpened | None,
    who: Mapping[UUID, str],
    regions: Regions,
    sources: Sources,
) -> Iterator[str]:
    """The lines of a proposal, without its rules."""
    if event.expenses is not None:
        yield from _expenses(event, event.expenses, account, regions)
    elif is_of_child(account):
        yield figures.top_up_line(event.standard_fen, event.counted_income_fen)
    match event:
        case RefusalProposed():
            yield f"  {said('reason', event.reason)}"
        case BenefitProposed(expenses=ExpenseAid()):
            yield f"  一次性 / Once: {yuan(event.amount_fen)} 元 / yuan"
        case BenefitProposed() if is_of_child(account):
            yield f"  每月 / A month: {yuan(event.amount_fen)} 元 / yuan"
        case BenefitProposed() if tests_means(account):
            yield from figures.amount_lines(event, who, sources)
        case BenefitProposed():
            yield f"  每月，按标准 / A month, by the standard: {yuan(event.amount_fen)} 元 / yuan"


def states_its_rules(
    event: BenefitProposed | RefusalProposed, account: DeterminationOpened | None
) -> bool:
    """Whether its rules stand beside it: those of a refused household stand by its assessment."""
    if isinstance(event, BenefitProposed) or event.expenses is not None:
        return True
    return is_of_one_person(account)


def _expenses(
    event: BenefitProposed | RefusalProposed,
    expenses: ExpenseAid,
    account: DeterminationOpened | None,
    regions: Regions,
) -> Iterator[str]:
    by = None
    if account is not None and expenses.recognised_in is not None:
        by = county(expenses.recognised_in, regions, account.accepted_on)
    yield from figures.expense_lines(expenses, event.persons, event.counted_income_fen, by)
    if account is not None:
        used = figures.used_figures(event.parameters)
        yield from figures.property_lines(account, event.persons, event.standard_fen, used)
