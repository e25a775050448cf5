"""What must hold of a system once nothing is on its way, whatever befell it on the way there.

Everything is read from the outside: logs, copies, topics, outcomes, views, the bank's ledger. Each
finding is a sentence; none is the only good answer.
"""

from tests.faults.reconcile.logs import Log
from tests.faults.reconcile.whole import reconcile

__all__ = ["Log", "reconcile"]
