"""How dates and times are written where there is little room, as people in the United States write them."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "M j, P"
# Ours: the day by which something is promised.
PROMISE_FORMAT = r"P \o\n l, M j"
