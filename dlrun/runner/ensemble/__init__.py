"""Several finished runs as one: which may be joined, what they are worth together, and the run that this makes."""
