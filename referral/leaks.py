"""Whether words say who somebody is, or what care it is about. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

SHORTEST_NAME = 3  # "Jo" is also a part of many words
OWN_PART, SURE_PART = 4, 6  # letters of the part of a program's name that is its own; so long, it is known in any case
MOST_SHARE = 3  # of listed names with a word in them that tells which program it is
SHORTEST_PHONE = 7  # a number without its area code is known, too

# How words begin, in English and Spanish, that tell whoever sees a screen what it is about; without accents.
_OF_CARE = re.compile(
    r"\b(?:(?:rehab|detox|desintoxic|treatment|tratamiento|drug|droga|alcohol|addict|adicci|adict|sober|sobri|relaps"
    r"|recaida|overdos|sobredosis|withdrawal|abstinencia|methadon|metadona|suboxon|buprenor|naltrex|naloxon|narcan"
    r"|therap|terap|psych|psiq|psicol|counsel|consejeri|clinic|hospital|residential|residencial|outpatient|ambulatori"
    r"|heroin|fentan|cocain|methamphet|metanfet|opioid|opiat|opiac|marihuana|marijuana|cannabis"
    r"|recovery|recuperaci|diagnos|depress|depresi|anxiety|ansiedad|bipolar|suicid|mental"
    r"|drink|drunk|beber|bebiend|bebida|borrach|emborrach|hangover|resaca|crav(?:e|ing)|pills?\b|pastilla|vap(?:e|ing)"
    r"|weed\b|mariguana|consumo|consumi[ren]|panic|trauma|ptsd|tept\b|schizo|esquizo|psicosis|bulimi|anorexi"
    r"|trastorno|disorder|self[- ]harm|autolesi|benzo|xanax|oxycod|oxicod|vicodin)\w*|(?:iop|php|mat|meth)\b)"
)
# Of names of programs: what many have in common, so that it tells of none.
_OF_MANY = re.compile(
    r"academy|action|adult|adults|aging|behavioral|bridge|calle|care|casa|casas|center|centers|centre"
    r"|centro|centros|child|children|clinic|clinica|community|comunidad|connection|corp|county|department"
    r"|east|evening|family|familia|families|first|foundation|friends|girls|group|groups|health|healthcare"
    r"|healthy|help|home|homes|hope|house|houses|institute|inpatient|life|light|living|management|medical"
    r"|medicine|men|mens|mental|network|new|north|office|open|outpatient|partners|path|place|point|program"
    r"|programa|programs|project|residence|residential|resource|resources|retreat|school|service|services"
    r"|servicios|society|solution|solutions|south|step|steps|support|system|teen|teens|time|transitional"
    r"|unit|valley|veterans|view|village|way|well|wellness|west|with|woman|women|womens|work|working|young"
    r"|youth|your"
)


def tells_care(text: str) -> list[str]:
    """The words of the text that name treatment or what it is for, as they were written, each once."""
    plain = _plain(text)
    if len(plain) != len(text):  # letters that fall apart into several: the plain ones stand for them
        text = plain
    return list(dict.fromkeys(text[found.start() : found.end()] for found in _OF_CARE.finditer(plain)))


def _plain(text: str) -> str:
    """Lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in apart if not unicodedata.combining(each))


def tells_programs(text: str, names: Iterable[str]) -> list[str]:
    """Which of these programs the text names: by the whole name, or by the part that is its own ("Foothill" of
    "Foothill Day Program"). A short part counts only as a name is written, inside a sentence."""
    plain, listed = _plain(text), list(dict.fromkeys(names))
    words = {name: list(re.findall(r"\w+", _plain(name))) for name in listed}
    shared = Counter(word for each in words.values() for word in set(each))
    as_written = {_plain(each) for each in re.findall(r"(?<=[\w,;:)] )[^\W\d_]+", text) if each[0].isupper()}
    said = set(re.findall(r"\w+", plain))

    def names_it(word: str) -> bool:
        own = (
            len(word) >= OWN_PART
            and not _OF_MANY.fullmatch(word)
            and shared[word] <= MOST_SHARE
            and not _OF_CARE.match(word)
        )
        return own and (word in as_written or (len(word) >= SURE_PART and word in said))

    whole = [name for name in listed if _plain(name) in plain]
    return whole or [name for name in listed if any(map(names_it, words[name]))]


def tells(text: str, *, names: Iterable[str], phone: str = "", email: str = "") -> list[str]:
    """What in the text says who somebody is: parts of these names, the phone number, the email; as they are known."""
    plain = _plain(text)
    words = set(re.findall(r"\w+", plain))
    parts = dict.fromkeys(part for name in names for part in re.findall(r"\w+", name))
    found = [part for part in parts if len(part) >= SHORTEST_NAME and _plain(part) in words]
    digits, number = re.sub(r"\D", "", text), re.sub(r"\D", "", phone)[-SHORTEST_PHONE:]
    if len(number) == SHORTEST_PHONE and number in digits:
        found.append(phone)
    if email and _plain(email) in plain:
        found.append(email)
    return found
