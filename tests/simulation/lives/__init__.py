"""The lives of cases and of the office that pays: who sends what, when, and what they must be told.

Told as in the story of the demo: applied for, checked, surveyed, reviewed, proposed, publicised,
approved, publicised again, confirmed; with the ways in which that goes wrong and is set right.
"""
