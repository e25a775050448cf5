"""What oversight shows of its copies: a case's timeline across all services."""
