"""How dates and times are written, as Spanish speakers in the United States write them: twelve hours throughout."""

TIME_FORMAT = "g:i a"
DATETIME_FORMAT = r"j \d\e F \d\e Y, g:i a"
SHORT_DATE_FORMAT = "j b"
SHORT_DATETIME_FORMAT = "j b, g:i a"
# Ours: the day by which something is promised.
PROMISE_FORMAT = r"g:i a \d\e\l l j \d\e F"
