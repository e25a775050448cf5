"""The outside world for development: departments and a bank. Never part of production."""
