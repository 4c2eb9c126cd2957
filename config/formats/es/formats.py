"""How dates and times are written where there is little room, as Spanish speakers in the United States write them."""

SHORT_DATE_FORMAT = "j M"
SHORT_DATETIME_FORMAT = "j M, g:i a"
TIME_FORMAT = "g:i a"
# Ours: the day by which something is promised.
PROMISE_FORMAT = r"g:i a \d\e\l l j \d\e F"
