"""What a person means who writes back. Plain Python, English and Spanish.

A text that is nothing but a stop word stops at once, and so does any wording that plainly asks us to stop writing
(47 CFR 64.1200(a)(10): any reasonable means). "I can't stop drinking" is no such wording: it goes to a person, and so
does everything that we do not understand. A word of danger asks for help, whatever stands beside it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from messaging.danger_words import in_danger, plain


class Meaning(StrEnum):
    """STOP, START and HELP are acted on; MAYBE_STOP and REPLY are read by staff."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MAYBE_STOP = "maybe_stop"
    REPLY = "reply"


_REPEATED = re.compile(r"(.)\1+")


def _once(word: str) -> str:
    """The word with each letter once: "stoppp" is "stop"."""
    return _REPEATED.sub(r"\1", word)


def _set(text: str) -> frozenset[str]:
    return frozenset(_once(word) for word in text.split())


_STOP_SPANISH = _set(
    """
    parar para pare paren alto cancelar cancele cancela basta detener detenga baja salir terminar fin
    parartodo parentodo nomas yanomas
    """
)
_START_SPANISH = _set("iniciar inicio comenzar empezar reanudar seguir")
_HELP_SPANISH = _set("ayuda informacion")
STOP_WORDS = _STOP_SPANISH | _set(
    "stop stopall stopit quit quitit end revoke optout unsubscribe unsuscribe cancel remove nomore"
)
START_WORDS = _START_SPANISH | _set("start unstop resume subscribe optin")
HELP_WORDS = _HELP_SPANISH | _set("help info")
# Words of what we act on that no English text has.
_SPANISH = _STOP_SPANISH | _START_SPANISH | _HELP_SPANISH
_SPANISH |= _set("por favor ya gracias quiero deseo mensajes correos textos matarme matarse vida sobredosis")
# "STOPSTOP": no stop word can be read in two ways, so this never looks far back.
_STOP_AGAIN = re.compile(f"(?:{'|'.join(sorted(STOP_WORDS))})+")
# The sign alone says it; beside words, or another sign, a person decides.
_STOP_SIGN = "\N{OCTAGONAL SIGN}"
_STOP_SIGNS = re.compile(f"[{_STOP_SIGN}\N{NO ENTRY}\N{NO ENTRY SIGN}\N{RAISED HAND}]")
# Words that change nothing around a command.
POLITE = _set("please pls now thanks thank you me ok okay por favor ya ahora gracias")

_MESSAGES = (
    r"(?:texts?|messages?|msgs?|e ?mails?|sms|reminders?|follow ?ups?|contact(?:ing)?"
    r"|mensajes?|mensajitos?|correos?|textos?|recordatorios?|avisos?)"
)
# Calls are not what a reply to a message stops: "don't call me at work" goes to a person.
_WRITE = r"(?:text|message|e ?mail|contact|write|send|bother)"
_WRITING = r"(?:texting|messaging|e ?mailing|sending|writing|contacting|bothering|reminding|bugging|spamming)"
_SPANISH_WRITING = r"(?:escrib\w*|mand\w*|envi\w*|contact\w*|molest\w*|text\w*)"
# Only forms that ask for something: "no me llamen", but not "no me llamaron".
_SPANISH_ASK = r"(?:escriba[ns]?|mande[ns]?|envie[ns]?|contacte[ns]?|moleste[ns]?|textee[ns]?)"
_TAKE_BACK = (
    r"\b(?:(?:withdraw\w*|revok\w*|no longer|take back|retir\w+|revoc\w+) (?:(?:give|my|the|any|mi|el|la) )*"
    r"(?:consent|permission|consentimiento|permiso|autorizacion)"
    r"|(?:don ?t|do not) (?:consent|give (?:you |my )*(?:consent|permission))"
    r"|no (?:consiento|autorizo|doy (?:mi )?(?:consentimiento|permiso|autorizacion)))\b"
)
_ANY_MORE = r"(?:\s+(?:me|us|any ?more|again|this|ever|no more|to (?:me|us|this))\b|\s*$)"
_STOP_PHRASES = [
    rf"\b(?:stop|quit|cease|end)\s+(?:\w+\s+)?{_WRITING}",
    rf"\b(?:stop|end|cancel|quit)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\bno (?:more|further|longer)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\b(?:don ?t|do not|never|not to)\s+(?:ever\s+)?{_WRITE}{_ANY_MORE}",
    rf"\b(?:don ?t|do not|no longer)\s+(?:want|wish|need)\s+(?:(?:to (?:get|receive|have|see)|any|more|your|these|those"
    rf"|this|the|further|such|other|of|reminder|text)\s+)*{_MESSAGES}\b",
    r"\bno longer (?:want|wish) to (?:get|receive|have)\b",
    r"^(?:please )?(?:(?:don ?t|do not|never) call me|stop calling(?: me)?)(?: any ?more| again| please)?$",
    r"\b(?:un ?subscribe|unsuscribe|opt (?:me )?out|opting out|remove me|take me off|leave me alone|lose my number)\b",
    r"\bdelete my (?:number|e ?mail)\b",
    r"\b(?:remove|take) (?:my|this) (?:number|email|e mail|name|address|phone)\b",
    r"\b(?:wrong (?:number|person)|i revoke|revoke (?:my )?consent)\b",
    rf"{_TAKE_BACK}(?:$| (?:to|for|a|para) (?:\w+ ){{0,3}}(?:{_MESSAGES}|{_WRITING}|this|esto|any of this))",
    r"^(?:please )?(?:cut it out|knock it off)(?: please)?$",
    r"^ya no(?: por favor| gracias)*$",
    rf"\b(?:dej\w+|par\w+|ces\w+) de (?:\w+ )?{_SPANISH_WRITING}",
    rf"\bno (?:me |nos )?vuelva[ns]? a {_SPANISH_WRITING}",
    rf"\bno (?:me |nos |le )?{_SPANISH_ASK}(?: mas| nunca| nada|$| por favor| a este| mensaj)",
    r"^(?:por favor )?(?:ya )?no me llame[ns]?(?: mas)?(?: por favor)?$",
    rf"\bno (?:quiero|deseo) (?:recibir|que me {_SPANISH_ASK})(?: mas| nada| esto)*$",
    r"\b(?:quit|borr|elimin|saqu)\w* mi (?:numero|correo|nombre|telefono)\b",
    rf"\b(?:ya )?no (?:quiero|deseo|necesito)\s+(?:\w+\s+){{0,3}}{_MESSAGES}\b",
    rf"\bno mas {_MESSAGES}\b",
    rf"\b(?:cancel\w+|par\w+|deten\w+|quit\w+)\s+(?:\w+\s+){{0,2}}{_MESSAGES}\b",
    r"\b(?:quit\w*me|elimin\w*me|borr\w*me|saqu\w*me|dar(?:me)? de baja|denme de baja)\b",
    r"\b(?:dejenme en paz|dejame en paz|numero equivocado)\b",
]
_STOP = re.compile("|".join(f"(?:{phrase})" for phrase in _STOP_PHRASES))
# "He won't stop texting his dealer" is about life: somebody else, or somebody who cannot.
_OTHERS = re.compile(
    r"\b(?:won ?t|can ?t|cannot|couldn ?t|will not|would not|wouldn ?t|does ?n ?t|does not|did ?n ?t|never|he|she|they"
    r"|son|daughter|husband|wife|mom|dad|brother|sister|hijo|hija|esposo|esposa|mama|papa|hermano|hermana"
    r"|no puedo|no puede|no quiere|no deja)\s+(?:\w+\s+){0,3}"
    r"(?:stop|quit|cease|end|cancel|text|call|write|send|contact|dej|par)\w*"
)
# "Please don't stop these messages" asks for the opposite, and "I don't consent to detox" is about care.
_KEEP = re.compile(
    r"\b(?:don ?t|do not|no)\s+(?:\w+\s+)?(?:stop|quit|cease|end|cancel|pare[ns]?|deje[ns]? de|cancele[ns]?)\b"
)
# Somebody who asks for something in the same breath is read by a person before anything is stopped.
_NEEDS = re.compile(
    r"\b(?:help|need a|need to|bed|beds|detox|rehab|using again|relapse\w*|overdos\w*|ayuda\w*"
    r"|necesitamos|necesito (?!mensaj)|recay\w*|sobredosis)\b"
)
_STOP_HINT = re.compile(
    r"\b(?:stop|stopping|unsubscribe|cancel|revoke|opt|parar|paren|alto|cancelar|basta|enough|not interested"
    rf"|no me interesa\w*|ya no (?:quiero|deseo|necesito|mas))\b|{_TAKE_BACK}"
)


def language(text: str) -> str:
    """The language to answer in where nothing else says it: that of the writer's own words."""
    words = plain(text).split()
    return "es" if {_command(words), *map(_once, words)} & _SPANISH else "en"


def is_command(text: str) -> bool:
    """Whether the text is nothing but a word or two of a command, so that there is nothing in it to be read."""
    return len([word for word in plain(text).split() if word not in POLITE]) <= 2


def meaning(text: str) -> Meaning:
    """What `text`, as it came from a phone or a mail program, asks of us."""
    words = plain(text).split()
    joined = " ".join(words)
    core = [word for word in words if word not in POLITE] or words
    command = _command(core)
    if _STOP_AGAIN.fullmatch(command) or (not words and _STOP_SIGN in text and not text.strip(f"{_STOP_SIGN} \ufe0f")):
        return Meaning.STOP
    if in_danger(text):
        return Meaning.HELP
    if _STOP.search(joined):
        doubtful = any(other.search(joined) for other in (_OTHERS, _KEEP, _NEEDS))
        return Meaning.MAYBE_STOP if doubtful else Meaning.STOP
    if command in START_WORDS:
        return Meaning.START
    if command in HELP_WORDS:
        return Meaning.HELP
    return Meaning.MAYBE_STOP if _STOP_HINT.search(joined) or _STOP_SIGNS.search(text) else Meaning.REPLY


def _command(core: list[str]) -> str:
    """The one or two words of a command as one, whatever was said twice and with a nought for an O."""
    words = list(dict.fromkeys(core))
    return _once("".join(words).replace("0", "o")) if len(words) <= 2 else ""
