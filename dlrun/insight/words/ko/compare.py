"""Messages about compare."""

MESSAGES: dict[str, str] = {}
