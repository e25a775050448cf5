"""The regulation of decision as pure functions over dated parameters, by subject."""
