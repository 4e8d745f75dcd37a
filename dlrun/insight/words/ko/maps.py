"""Messages about maps."""

MESSAGES: dict[str, str] = {}
