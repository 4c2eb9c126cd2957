"""django-post-office: a row for each e-mail, and a process that sends what is due, each second."""

from __future__ import annotations

import time

import django
from django.core.management import call_command
from django.db import connection

from benchmarks.peers.messaging import letter

django.setup()

from post_office import mail  # noqa: E402
from post_office.models import Email  # noqa: E402

LATER = 30 * 86400
PROCESSES = 2


def prepare() -> None:
    call_command("migrate", verbosity=0)


def backlog(count: int, start: int) -> None:
    plan(1, time.time() + LATER, 0, start)
    names = [field.column for field in Email._meta.concrete_fields if field.column != "id"]
    later = "scheduled_time + n * interval '100 milliseconds'"
    values = ", ".join(later if name == "scheduled_time" else f'"{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO post_office_email ({columns}) SELECT {values} FROM generate_series(1, {count - 1}) AS n, "
            "(SELECT * FROM post_office_email ORDER BY id DESC LIMIT 1) AS one"
        )
        cursor.execute("VACUUM ANALYZE post_office_email")


def plan(count: int, at: float, gap: float, start: int) -> None:
    mail.send_many(
        [_email(start + place, at + place * gap) for place in range(count)],
    )


def _email(number: int, at: float) -> dict[str, object]:
    parts = letter.fields(number)
    return {
        "recipients": parts["to"],
        "sender": "hello@waymark.example",
        "subject": parts["subject"],
        "message": letter.TEXT,
        "html_message": letter.HTML,
        "scheduled_time": letter.instant(at),
    }


def work() -> None:
    """Send for ever."""
    while True:
        call_command("send_queued_mail", processes=PROCESSES, log_level=1)
        time.sleep(1)
