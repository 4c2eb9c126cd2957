"""Django's PostgreSQL, with a look at the line instead of a question to the server before each request."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A kept connection on which nothing has come in since its last answer is still there.

    A server that ends one says so, and that can be read: then it is asked, as Django always does. So it is inside a
    transaction, which may have failed.
    """

    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        at_rest = self.connection.info.transaction_status == TransactionStatus.IDLE
        return bool(at_rest and not line.poll(0)) or super().is_usable()
