"""Receives the mail and the texts of this machine, so that nothing leaves it: ``python -m messaging.sink``.

Takes e-mail by SMTP and texts by Twilio's HTTP API, and keeps both as files, which /demo/mail/ shows. It needs our
settings and no apps, so it is there at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from urllib.parse import urlsplit

from django.conf import settings

from messaging import signatures
from messaging.sink.servers import SmsServer, smtp_server
from messaging.sink.store import Store


def main() -> None:
    if settings.HOSTED:
        sys.exit("The sink is for the embedded mode: in hosted mode mail goes to real people.")
    smtp_port, http_port = settings.EMAIL_PORT, urlsplit(settings.MESSAGING_SMS_URL).port or 8026
    store = Store(settings.MESSAGING_MAIL_FOLDER)
    mail = smtp_server("127.0.0.1", smtp_port, store)
    try:
        texts = SmsServer(
            "127.0.0.1",
            http_port,
            store,
            account=settings.MESSAGING_SMS_ACCOUNT,
            token=settings.MESSAGING_SMS_TOKEN,
            sign=lambda url, form: signatures.twilio(settings.MESSAGING_SMS_TOKEN, url, form),
        )
        mail.start()
    except OSError as error:
        sys.exit(f"The sink cannot listen on port {smtp_port} or {http_port}: {error.strerror}.")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=texts.serve_forever, daemon=True).start()
    sys.stdout.write(f"The sink takes mail on {smtp_port} and texts on {http_port}.\n")
    stop.wait()
    texts.shutdown()
    mail.stop()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
