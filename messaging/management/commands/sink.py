"""Receives the mail and the texts of this machine, so that nothing leaves it."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging import signatures
from messaging.sink.servers import SmsServer, smtp_server
from messaging.sink.store import Store


class Command(BaseCommand):
    help = "Take e-mail by SMTP and texts by Twilio's HTTP API, and keep both as files. Read them at /demo/mail/."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--smtp-port", type=int, default=settings.EMAIL_PORT)
        parser.add_argument("--http-port", type=int, default=urlsplit(settings.MESSAGING_SMS_URL).port or 8026)

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.HOSTED:
            raise CommandError("The sink is for the embedded mode: in hosted mode mail goes to real people.")
        store = Store(settings.MESSAGING_MAIL_FOLDER)
        mail = smtp_server("127.0.0.1", options["smtp_port"], store)
        try:
            texts = SmsServer(
                "127.0.0.1",
                options["http_port"],
                store,
                account=settings.MESSAGING_SMS_ACCOUNT,
                token=settings.MESSAGING_SMS_TOKEN,
                sign=lambda url, form: signatures.twilio(settings.MESSAGING_SMS_TOKEN, url, form),
            )
            mail.start()
        except OSError as error:
            ports = f"{options['smtp_port']} or {options['http_port']}"
            raise CommandError(f"The sink cannot listen on port {ports}: {error.strerror}.") from error
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        threading.Thread(target=texts.serve_forever, daemon=True).start()
        self.stdout.write(f"The sink takes mail on {options['smtp_port']} and texts on {options['http_port']}.")
        stop.wait()
        texts.shutdown()
        mail.stop()
