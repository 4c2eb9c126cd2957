"""A time ends in a period of its own in English ("10:04 a.m."), so no sentence ends in one."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
BLOCK = re.compile(r"{% blocktranslate(?P<with>[^%]*)%}(?P<body>.*?){% endblocktranslate %}", re.DOTALL)
TIME = re.compile(r'(\w+)=[\w.]+\|(?:date:"(?:SHORT_)?(?:DATE)?TIME_FORMAT"|short_time)')


def test_no_sentence_ends_in_a_time() -> None:
    doubled = [
        (str(path.relative_to(TEMPLATES)), name)
        for path in sorted(TEMPLATES.rglob("*.html"))
        for block in BLOCK.finditer(path.read_text(encoding="utf-8"))
        for name in TIME.findall(block["with"])
        if re.search(rf"{{{{ {name} }}}}\.", block["body"])
    ]
    assert doubled == []
