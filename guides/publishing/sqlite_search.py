"""The search backend of SQLite: every match is ranked in one pass, and the best are read.

modelsearch asks the full-text index again for the rank of each row, which is quadratic: half a minute for 5,000 guides.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F
from modelsearch.backends.database.sqlite.query import BM25, MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteFTSIndexEntry,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

from guides.publishing.ranks import LIKELY, in_order


class RankedOnce(SQLiteSearchQueryCompiler):
    """Lets the full text rank every match once, and reads the rows of the part that was asked for."""

    def search(self, config: Any, start: int, stop: int | None, score_field: str | None = None) -> Any:
        query = normalize(self.query)
        if isinstance(query, (MatchAll, Not)) or score_field is not None or not self.order_by_relevance:
            return super().search(config, start, stop, score_field)
        # Which model a match is of is looked at here: SQLite would begin with it, and ask the full text for every row.
        matches = SQLiteFTSIndexEntry.objects.filter(
            MatchExpression(self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config))
        ).annotate(rank=BM25() * (F("index_entry__title_norm") + 1.0))
        read = matches.order_by("rank").values_list("index_entry__content_type", "index_entry__object_id", "rank")
        kinds = set(get_descendants_content_types_pks(self.queryset.model))
        for most in (LIKELY, None):
            rows = list(read[:most])
            ranks = {int(key): rank for kind, key, rank in rows if kind in kinds}
            entries = self.queryset.filter(pk__in=ranks) if most else self.queryset  # SQLite takes so many keys at once
            keys = [key for key in entries.values_list("pk", flat=True) if key in ranks]
            if len(rows) != most or (stop is not None and len(keys) >= stop):
                break
        return in_order(self.queryset, keys, ranks, start, stop)


class SearchBackend(SQLiteSearchBackend):
    query_compiler_class = RankedOnce
