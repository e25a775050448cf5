"""The lives of cases, of the county and of the office that pays.

Who sends what, when, and what they must be told: applied for, checked, proposed, publicised,
approved, confirmed; then changed or cared for. An emergency goes its own, shorter way. Told with
the ways in which that goes wrong and is set right.
"""
