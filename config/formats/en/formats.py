"""How dates and times are written where there is little room, as people in the United States write them."""

SHORT_DATE_FORMAT = "M j"
SHORT_DATETIME_FORMAT = "M j, P"
