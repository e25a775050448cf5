"""Every route of every service, and what the story left for it to show."""
