"""The guarantees of design §1, held against what anybody could see.

They look at logs, topics, views, the bank's ledger and the answers that clients were given; never
inside a fake. What a decision must have been is worked out anew, from the log before it.
"""
