"""Messages about explore."""

MESSAGES: dict[str, str] = {}
