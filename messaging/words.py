"""What a person means who writes back. Plain Python, English and Spanish.

A text that is nothing but a stop word stops at once, and so does any wording that plainly asks us to stop writing
(47 CFR 64.1200(a)(10): any reasonable means). "I can't stop drinking" is no such wording: it goes to a person, and so
does everything that we do not understand.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """STOP, START and HELP are acted on; MAYBE_STOP and REPLY are read by staff."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MAYBE_STOP = "maybe_stop"
    REPLY = "reply"


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _set(
    """
    stop stopall quit end revoke optout unsubscribe cancel remove
    parar para pare paren alto cancelar cancele cancela basta detener detenga baja salir terminar fin
    """
)
START_WORDS = _set("start unstop resume subscribe optin iniciar inicio comenzar empezar reanudar seguir")
HELP_WORDS = _set("help info ayuda informacion")
# Words that change nothing around a command.
POLITE = _set("please pls now thanks thank you all it me ok okay por favor ya ahora gracias todo todos")

_MESSAGES = (
    r"(?:texts?|messages?|msgs?|e ?mails?|sms|reminders?|follow ?ups?|contact(?:ing)?"
    r"|mensajes?|mensajitos?|correos?|textos?|recordatorios?|avisos?)"
)
_WRITE = r"(?:text|message|e ?mail|contact|write|send|bother|call)"
_WRITING = r"(?:texting|messaging|e ?mailing|sending|writing|contacting|calling|bothering|reminding|bugging|spamming)"
_SPANISH_WRITING = r"(?:escrib\w*|mand\w*|envi\w*|contact\w*|molest\w*|llam\w*|text\w*)"
# Only forms that ask for something: "no me llamen", but not "no me llamaron".
_SPANISH_ASK = r"(?:escriba[ns]?|mande[ns]?|envie[ns]?|contacte[ns]?|moleste[ns]?|llame[ns]?|textee[ns]?)"
_ANY_MORE = r"(?:\s+(?:me|us|any ?more|again|this|ever|no more|to (?:me|us|this))\b|\s*$)"
_STOP_PHRASES = [
    rf"\b(?:stop|quit|cease|end)\s+(?:\w+\s+)?{_WRITING}",
    rf"\b(?:stop|end|cancel|quit)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\bno (?:more|further|longer)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\b(?:don ?t|do not|never|not to)\s+(?:ever\s+)?{_WRITE}{_ANY_MORE}",
    rf"\b(?:don ?t|do not|no longer)\s+(?:want|wish|need)\s+(?:\w+\s+){{0,4}}{_MESSAGES}\b",
    r"\b(?:unsubscribe|opt (?:me )?out|opting out|remove me|take me off|leave me alone|lose my number)\b",
    r"\bdelete my (?:number|e ?mail)\b",
    r"\b(?:remove|take) (?:my|this) (?:number|email|e mail|name|address|phone)\b",
    r"\b(?:wrong (?:number|person)|i revoke|revoke (?:my )?consent)\b",
    rf"\b(?:dej\w+|par\w+|ces\w+) de (?:\w+ )?{_SPANISH_WRITING}",
    rf"\bno (?:me |nos )?vuelva[ns]? a {_SPANISH_WRITING}",
    rf"\bno (?:me |nos |le )?{_SPANISH_ASK}(?: mas| nunca|$| por favor| a este| mensaj)",
    rf"\b(?:ya )?no (?:quiero|deseo|necesito)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\bno mas {_MESSAGES}\b",
    rf"\b(?:cancel\w+|par\w+|deten\w+|quit\w+)\s+(?:\w+\s+){{0,2}}{_MESSAGES}\b",
    r"\b(?:quit\w*me|elimin\w*me|borr\w*me|saqu\w*me|dar(?:me)? de baja|denme de baja)\b",
    r"\b(?:dejenme en paz|dejame en paz|numero equivocado)\b",
]
_STOP = re.compile("|".join(f"(?:{phrase})" for phrase in _STOP_PHRASES))
_STOP_HINT = re.compile(r"\b(?:stop|stopping|unsubscribe|cancel|revoke|opt|parar|paren|alto|cancelar|basta)\b")


def plain(text: str) -> str:
    """Lower case, without accents, marks and emoji, single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def meaning(text: str) -> Meaning:
    """What `text`, as it came from a phone or a mail program, asks of us."""
    words = plain(text).split()
    joined = " ".join(words)
    core = [word for word in words if word not in POLITE] or words
    command = core[0] if len(core) == 1 else "".join(core) if len(core) == 2 else ""
    if command in STOP_WORDS or _STOP.search(joined):
        return Meaning.STOP
    if command in START_WORDS:
        return Meaning.START
    if command in HELP_WORDS:
        return Meaning.HELP
    return Meaning.MAYBE_STOP if _STOP_HINT.search(joined) else Meaning.REPLY
