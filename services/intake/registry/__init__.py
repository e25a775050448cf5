"""The person registry: who people are, kept apart from everything that is recorded about them."""
