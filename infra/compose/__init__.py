"""What `docker-compose.yml` runs once: secrets, databases, MongoDB's replica set."""
