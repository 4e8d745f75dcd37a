"""Messages about verdict."""

MESSAGES: dict[str, str] = {}
