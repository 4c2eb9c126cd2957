"""The search backend of PostgreSQL: of very many matches only the likely ones are ranked with care.

modelsearch ranks every match once for each way to say the same, and unpacks the page's long text each time: a tenth of
a second among 5,000 guides. Here one rough rank finds those that come into question, and modelsearch's own rank orders
these. The index over heading and text that both need is made by a migration of this app.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import F
from django.db.models.expressions import CombinedExpression
from modelsearch.backends.database.postgres.postgres import (
    IndexEntry,
    PostgresSearchBackend,
    PostgresSearchQueryCompiler,
)
from modelsearch.query import Fuzzy, MatchAll, Not
from modelsearch.utils import get_descendants_content_types_pks

from guides.publishing.ranks import LIKELY, in_order


class LikelyOnly(PostgresSearchQueryCompiler):
    """Ranks the `LIKELY` best by their rough rank: of pages with the words in the heading alone where so many have
    them there, because a word in a heading weighs forty times as much."""

    def search(
        self, config: Any, start: int, stop: int | None, score_field: str | None = None, backend: Any = None
    ) -> Any:
        special = isinstance(self.query, (MatchAll, Not, Fuzzy)) or self.fields or score_field is not None
        if special or stop is None or not self.order_by_relevance:
            return super().search(config, start, stop, score_field, backend)
        # Without the rows themselves: PostgreSQL thinks that few match, and would look for each row among all others.
        likely = self._likely(config)
        vectors = [(F("title"), F("title_norm")), (F("body"), 1.0)]
        ranked = IndexEntry.objects.filter(pk__in=likely).annotate(rank=self._build_rank_expression(vectors, config))
        ranks = {int(key): -rank for key, rank in ranked.values_list("object_id", "rank")}
        keys = self.queryset.filter(pk__in=ranks).values_list("pk", flat=True)
        if len(likely) == LIKELY and len(keys) < stop:  # most of them are of another language
            return super().search(config, start, stop, score_field, backend)
        return in_order(self.queryset, keys, ranks, start, stop)

    def _likely(self, config: Any) -> list[int]:
        wanted = self.build_tsquery(self.query, config=config)
        rank = SearchRank(F("title"), wanted, weights=self.sql_weights) * F("title_norm")
        rank += SearchRank(F("body"), wanted, weights=self.sql_weights)
        kinds = get_descendants_content_types_pks(self.queryset.model)
        entries = IndexEntry.objects.filter(content_type__in=kinds).order_by(rank.desc(), "-pk")
        found = list(entries.filter(title=wanted).values_list("pk", flat=True)[:LIKELY])
        if len(found) == LIKELY:
            return found
        both = entries.annotate(both=CombinedExpression(F("title"), "||", F("body"))).filter(both=wanted)
        return list(both.values_list("pk", flat=True)[:LIKELY])


class SearchBackend(PostgresSearchBackend):
    query_compiler_class = LikelyOnly
