"""Messages about ensemble."""

MESSAGES: dict[str, str] = {}
