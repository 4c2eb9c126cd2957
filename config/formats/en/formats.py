"""How dates and times are written, as people in the United States write them: one way, with no words for hours."""

DATE_FORMAT = "M j, Y"
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "M j, Y, g:i a"
SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "M j, g:i a"
# Ours: the day by which something is promised.
PROMISE_FORMAT = r"g:i a \o\n l, M j"
