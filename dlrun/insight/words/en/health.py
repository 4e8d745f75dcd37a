"""Messages about health."""

MESSAGES: dict[str, str] = {}
