"""Words that say that somebody may die or be hurt now. Plain Python, English and Spanish, as people type them.

Three lists. What is said of now always counts; what may be told of long ago counts unless its own sentence says so ("he
overdosed in 2019"). Of either it matters who is to be called first: 911 for a life in danger at this minute, 988 for
thoughts of suicide. In doubt the words count: nobody is harmed by one call too many.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Danger(StrEnum):
    """EMERGENCY: 911 first. SUICIDE: 988 first."""

    EMERGENCY = "emergency"
    SUICIDE = "suicide"


# Some keyboards and copied texts bring Cyrillic letters that nobody can tell from Latin ones.
_LOOKALIKES = str.maketrans("асеорхуѕіт", "aceopxysit")
# "S T O P": three letters or more that stand alone.
_SPELLED = re.compile(r"\b[a-z](?: [a-z]){2,}\b")
_SENTENCES = re.compile(r"[.!?;\n]+")


def plain(text: str) -> str:
    """Lower case, without accents, marks and emoji, single spaces, and spelled words joined."""
    folded = unicodedata.normalize("NFKD", text.casefold()).translate(_LOOKALIKES)
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    single = " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
    return _SPELLED.sub(lambda letters: letters[0].replace(" ", ""), single)


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{part})\b" for part in parts))


_NOT = r"(?:can ?t|cannot|can not|couldn ?t|won ?t|will not|does ?n ?t|does not|is ?n ?t|is not|not|stopped|quit)"
_UNSAID = r"(?<!not )(?<!n t )(?<!nt )(?<!never )(?<!no )"
_PILLS = r"(?:pills?|meds|medications?|medicines?|tablets?|tylenol|xanax|benzos|insulin)"
_PASTILLAS = r"(?:pastillas?|pildoras?|medicinas?|medicamentos?|tabletas?)"
_KIN = (
    r"(?:son|daughter|husband|wife|boyfriend|girlfriend|partner|ex|dad|father|stepdad|mom|mother|brother|sister"
    r"|kid|child|baby|friend|grandson|roommate)"
)
_PERSON = rf"(?:he|she|they|who|{_KIN})"
_HIT = (
    rf"(?:me(?! (?:up|hard|that|like|to it)\b)|us(?! (?:hard|up|with (?:an? )?(?:\w+ )?(?:bills?|fees?"
    rf"|charges?))\b)|him|them|everyone|(?:my|his|her|our|the) (?:{_KIN}s?|kids"
    r"|children|family|face|head|stomach))"
)
_GUN = r"(?:guns?|pistols?|rifles?|shotguns?|k?ni[fv]es?|machetes?|firearms?|weapons?)"
_ARMA = r"(?:pistolas?|armas?|rifles?|escopetas?|cuchillos?|machetes?|navajas?|revolver)"
_LOCKED = r"(?! (?:\w+ ){0,4}(?:locked|lock|safe|license|permit|range|shop)\b)"
_EARLY = (
    r"(?! (?:(?:early|before|on time|in the|for (?:school|work|class)|at \d|until|till)\b|(?:temprano|antes|a tiempo"
    r"|para|hasta|por)\b))"
)
_WANT = r"(?:(?:qu|k)ier[oe])"

# A life in danger at this minute.
_EMERGENCY = _any(
    # Took too much
    rf"(?:took|taken|swallowed|ate) (?:all|a bunch|lots?|a lot|a handful|handfuls?|too many|so many|an? (?:whole )?"
    rf"bottle|the (?:whole|entire) bottle)(?: of)?(?: \w+){{0,3}}"
    rf" {_PILLS}(?! (?:as|on time|like (?:he|she|i) should))",
    r"(?:took|swallowed|drank) (?:a|the) (?:whole|entire) bottle(?: of)?(?: \w+)? (?:pills?|meds|bleach|tylenol)",
    r"(?:he|she|they|i|son|daughter)(?: has| have| just)? (?:took|taken) too much(?! (?:time|work|money|effort|on))",
    rf"(?:se tomo|se tomaron|se trago|me tome|me trague|se ha tomado|tomo(?! tod[ao]s mis)|trago) (?:tod[ao]s?"
    rf"|much[ao]s"
    rf"|muchisimas|demasiad[ao]s|un (?:monton|puno|frasco|bote)|el (?:frasco|bote)|una caja)(?: (?:de|el|la|las|los|sus"
    rf"|su|frasco|bote|unas)){{0,4}} {_PASTILLAS}(?! como)",
    # Cannot be woken
    r"(?:can ?t|cannot|can not|couldn ?t|could not|unable to) (?:\w+ )?wake(?: up)? (?:him|her|them|my \w+|our \w+)",
    r"(?:can ?t|cannot|can not|couldn ?t) (?:\w+ )?wake (?!up\b|early\b|before\b|in\b|at\b|until\b|on\b)\w+",
    r"(?:can ?t|cannot|couldn ?t) get (?:him|her|them|my \w+) (?:to wake|awake)",
    rf"(?:he|she|they|{_KIN}) (?:\w+ )?(?:won ?t|will not|can ?t|cannot|isn ?t|is not|s not|not|wont be|doesn ?t)"
    rf" (?:wake|waking|woken)(?: up)?+{_EARLY}",
    rf"(?:he|she|him|her|{_KIN})(?: (?:is|s|was))?(?: \w+)? unrespons\w+",
    r"no (?:l[oae]s?|se) (?:puedo|podemos|pude|logro|logramos) despertar",
    r"no (?:puedo|podemos|pude|puede|logro|logramos|consigo) despertar(?:l[oae]s?| a)",
    rf"no (?:se )?(?:despierta|desperto|esta despertando|quiere despertar)(?:se)?{_EARLY}",
    r"no reacciona(?! (?:a|al|bien|con)\b)",
    # Does not breathe
    rf"(?:{_NOT}|barely|hardly|trouble) bre(?:ath?|th)(?:e|es|ing|in|eing)?(?! a word)",
    r"(?:turn(?:ing|ed|s)?|going|went) blue|lips (?:are |re |is |look )?(?:turning )?blue|blue lips|no pulse",
    r"foam(?:ing)? (?:at|from|in) (?:the|his|her) mouth|(?:having|has) (?:a|another) seizure(?! disorder)",
    r"no (?:esta |puede |puedo )?respira(?:r|ndo)?|dejo de respirar|apenas respira|(?:sin|no tiene) pulso"
    r"|convulsionando",
    r"labios (?:\w+ )?(?:azules|morados)|se (?:esta poniendo|puso|pone) (?:azul|morad[oa])",
    # A weapon at hand
    rf"{_UNSAID}(?:has|have|got|holding|holds|grabbed|grabs|pulled|pulls|brought|waving|pointing|pointed|bought"
    rf"|carries)"
    rf" (?:out )?(?:(?:a|an|his|her|the|my|got|some|loaded|kitchen|big) ){{0,4}}{_GUN}{_LOCKED}",
    rf"(?:me|us|him|her|room|door) with (?:a|the|his|her) (?:loaded |kitchen )?{_GUN}",
    rf"there (?:is|s|are) (?:a |an )?(?:loaded )?{_GUN} (?:in|at|here|on){_LOCKED}",
    r"(?:will|ll|going to|gonna|wants? to|threat\w* to) (?:shoot|stab)(?! (?:up|heroin|pool|hoops|baskets|meth"
    r"|it up)\b)",
    rf"(?<!no )(?:tiene|trae|trajo|saco|agarro|compro|anda con|hay|tengo|carga) (?:un |una |el |la |su |mi )?{_ARMA}"
    r"(?! (?:\w+ ){0,4}(?:bajo llave|guardad[oa]s?))",
    rf"(?:me|nos|lo|la|amenaz\w+) con (?:un |una |el |la |su )?{_ARMA}",
    # Violence now
    r"(?:punche?s|punching|chokes|choking|strangl(?:es|ing)|slaps|slapping|kicks|kicking|attack(?:s|ing)) "
    rf"{_HIT}(?! (?:the habit|out)\b)",
    rf"(?:is|s|are|re|keeps|started|starts) (?:hitting|beating) {_HIT}",
    r"(?<!it )(?<!that )(?<!this )(?<!what )(?<!life )(?<!grief )(?<!reality )(?<!really )"
    rf"hits {_HIT}(?! (?:when i|most))",
    rf"{_PERSON} (?:\w+ )?(?:beats|hurts) {_HIT}(?! (?:to (?:see|say|watch|it)|at|feelings)\b)",
    r"beats? me up|beating me|throw(?:s|ing) (?:things|stuff|\w+) at (?:me|us)",
    r"(?<!life )thr(?:ea|e)t\w* (?:me|us|him|her|them|everyone|people|(?:my|his|her|our|the) \w+)"
    r"(?! with (?:\w+ )?(?:divorce|eviction|jail|court|lawyers?|lawsuit|leaving|losing))",
    r"(?<!life )thr(?:ea|e)t\w* to (?:kill|hurt|harm|beat|hit|burn|attack|cut|jump|hang|choke|end (?:it|my|his|her))",
    r"(?:he|she) (?:\w+ )?thr(?:ea|e)t(?:e?ns|e?ning)$",
    rf"(?:{_PERSON}|i) (?:\w+ ){{0,4}}kill (?:me|us|him|her|them|everyone|someone|somebody|(?:my|his|her|our) {_KIN})",
    r"(?:he|she|they) (?:is|s|are|re) killing (?:me|us|him|her|them)",
    r"(?<!never )(?:is|s|getting|gets|becomes|becoming|turns|turning|being) (?:very |so |really )?violent"
    r"(?! (?:video|movie|game|crime))",
    rf"{_PERSON} (?:\w+ )?(?:going to|gonna|wants? to|tries to|trying to|plans? to) (?:hurt|harm|attack|beat) {_HIT}",
    r"i (?:want to|am going to|m going to|m gonna|wanna) (?:hurt|harm) (?:him|her|them|someone|somebody|people)",
    r"(?:afraid|scared|fear) for (?:my|our) (?:life|lives|safety)|abuses me|(?:raping|rapes) me",
    r"(?:me|nos|les?) (?:esta |estan )?(?:pega|pegan|pego|pegando|golpea|golpean|golpeo|golpeando)(?! (?:el|la"
    r"|las|los|al"
    r"|a la|un susto|una gripe|duro (?:la|el)|much[oa] (?:la|el))\b)",
    r"(?:esta|estan) (?:pegandome|golpeandome|pegandole|golpeandol[oae]|ahorcandome|amenazandome)",
    r"(?:me|nos|l[oae]s?) (?:esta |estan )?(?:ahorca\w*|ahorco|estrangul\w+|patea|pateo|agred[eio]\w*|amenaz(?:a|an|o"
    r"|ando))(?! con (?:irse|dejar\w*|salirse|el divorcio|divorci\w+|correr\w*|llamar|quitarme a)\b)",
    r"amenaza con (?:matar|pegar|golpear|lastimar|quemar|hacer)\w*",
    r"(?<!no )(?:es|esta|se pone|se puso|se vuelve|poniendo) (?:muy )?violent[oa]",
    rf"(?:me|nos|l[oae]s?) (?:[vb]a|[vb]an|{_WANT}|quieren) (?:a )?(?:matar|pegar|golpear|hacer dano)",
    r"(?:[vb]a|[vb]an|quiere|quieren|kiere) (?:a )?matar(?:me|nos|l[oae]s?| a)",
    r"(?:temo|miedo) por (?:mi|nuestras?) [vb]idas?|miedo (?:de )?que (?:me|nos) (?:mate|pegue|golpee|haga dano)",
)
# Thoughts of ending one's life, or of harming oneself.
_SELF = r"(?:my|him|her|them|your) ?sel(?:f|ves)"
_ANY = r"(?: (?:any ?more|any longer|much longer))"
_DONT = r"(?:don ?t|do not|doesn ?t|does not)"
_SUICIDE = _any(
    r"end(?:ing)? it(?: all)?|end(?:ing)? (?:my|his|her) life|kms|unalive\w*",
    rf"kill?(?:ing|in|s)? {_SELF}|(?:hurt|harm|cut|shoot|stab|hang|drown|poison)(?:ting|ing|s)? {_SELF}",
    r"(?:wants? to|wanting to|wanna|wanted to|rather|ready to) die(?! (?:my|his|her|the)\b)|(?:better off"
    r"|rather be) dead",
    r"wish(?:es)? (?:i|he|she) (?:was|were) dead",
    r"better of+ with ?out me|(?:says?|said|thinks?|thinking) (?:\w+ ){0,5}better of+ with ?out (?:him|her)",
    r"(?:better|happier|easier) if i (?:(?:was|were) (?:dead|gone|not here)|(?:was|were)n ?t here|died)",
    rf"{_DONT} (?:want to|wanna) (?:go on|keep|continue|be) (?:living|alive)",
    rf"{_DONT} (?:want to|wanna) (?:live|be here|go on|exist)(?:{_ANY}| like this|$)",
    rf"{_DONT} (?:want to|wanna) (?:wake up(?: (?:any ?more|again|ever|tomorrow)|$))|never wake up again",
    r"no longer wants? to (?:live|be here|be alive|exist)",
    rf"(?:can ?t|cannot|can not) (?:take (?:it|this)|do this|go on|live like this){_ANY}|(?:can ?t|cannot) go on",
    r"no (?:reason|sense|point|purpose|use|meaning) (?:to|in|of|for) (?:live|living|life|going on|go on|being alive)",
    r"nothing to live for|tired of (?:living|being alive)|(?:done|finished) with (?:life|living)|gave up on life",
    r"life (?:isn ?t|is not|s not|is no longer) worth|not worth living|life has no (?:meaning|sense|point)",
    r"wants? (?:it all|everything|all of (?:it|this)) to (?:be over|end)|jump(?:ing)? (?:off|from) (?:a"
    r"|the) (?:bridge|roof)",
    r"matarme|matarse|quitar(?:me|se) la [vb]ida|ahorcar(?:me|se)|colgar(?:me|se)$",
    rf"{_WANT} mor+ir?\w*|(?:me|se) {_WANT} (?:mor+ir|matar)|(?:me [vb]oy|se [vb]a) a matar",
    r"ganas de (?:mor+ir\w*|[vb]i[vb]ir)|(?:estaria|estoy) mejor muert[oa]|mejor (?:estar )?muert[oa]",
    rf"no (?:{_WANT}|quisiera|dese[oa]) (?:[vb]i[vb]ir|(?:seguir|estar) (?:[vb]i[vb]ir|[vb]i[vb]iendo|[vb]i[vb][oa]))"
    r"(?! (?:con|en|cerca|junto)\b)",
    rf"no {_WANT} (?:existir|despertar(?:me)?(?: mas| nunca|$)|estar (?:aqui(?: mas|$)|en este mundo))",
    rf"{_WANT} (?:desaparecer|acabar con (?:todo|mi [vb]ida|su [vb]ida)|dormir y no despertar)",
    r"ya no (?:puedo|puede|aguanto|aguanta) mas(?! con (?:los|las|sus|estos|tantos) (?:mensajes|textos|correos))",
    r"(?:lastimarme|lastimarse|h?acerme dano|h?acerse dano|cortarme|cortarse)(?! (?:el|las) (?:pelo|cabello|unas))",
    r"sentido (?:a|de|en|para)(?: (?:la|mi|su))? (?:[vb]ida|[vb]i[vb]ir|seguir [vb]i\w+)",
    r"[vb]ida (?:ya )?no (?:tiene|[vb]ale)|no [vb]ale la pena (?:[vb]i[vb]ir|seguir [vb]i\w+)",
    r"(?:sin|no (?:tengo|tiene|hay)|ningun[ao]?) (?:razon(?:es)?|motivos?) (?:para|de"
    r"|por) (?:que )?(?:[vb]i[vb]ir|seguir)",
    r"mejor sin mi(?: (?:y|que|aqui|porque|todos|ya)|$)",
)
# What people tell of long ago as well as of now.
_TOLD_EMERGENCY = _any(
    r"over ?do[sz](?!\w*(?:age|ages)\b)\w*(?! (?:prevention|awareness|training|class|kit)\b)|overdoes(?:ed|ing)",
    r"(?:he|she|they|i|son|daughter) (?:\w+ )?od(?: d| ed|ed|ing| ing)?|oding|sobre ?do[scz]is",
    r"uncon(?:sc|s|c)i\w*(?! (?:bias|mind))|(?:esta|quedo|encontr\w+) (?:\w+ )?inconsciente|esta desma[yl]+ad[oa]",
    rf"{_PERSON} (?:\w+ )?(?:hit|beat|punched|kicked|choked|strangled|slapped|attacked|hurt|raped) {_HIT}"
    r"(?! (?:feelings|to (?:it|see))\b)",
)
_TOLD_SUICIDE = _any(r"su[ie]?ci[ds]\w*(?! prevention)|suisid\w*(?! prevention)|siucid\w*")
_GOES_ON = r"(?!(?:again|now|today|tonight|just|like|since|still|and|but|ahora|hoy|otra|desde|sigue|y|pero)\b)"
_LONG_AGO = (
    r"(?:last (?:year|month|summer|winter|spring|fall)|(?:years?|months) (?:ago|back)|(?:in|en) (?:19|20)\d\d"
    r"|as a (?:child"
    r"|kid|teen\w*)|when (?:i|he|she) was (?:\d+|young\w*|little|a \w+)|hace (?:\w+ )?(?:anos?|meses)|el ano pasado)"
)
_AGO_AFTER = re.compile(rf"(?: {_GOES_ON}\w+){{0,5}} {_LONG_AGO}\b")
_AGO_BEFORE = re.compile(rf"\b{_LONG_AGO}(?: {_GOES_ON}\w+){{0,5}} $")
_DENIED = re.compile(
    r"\b(?:not|no|never|isn ?t|denies|sin|nunca)(?: (?:any|had|been|has|have|ever|a|an|ha|tenido|una|es|feeling"
    r"|currently"
    r"|actively|longer|tiene|pensamientos|ideas|thoughts of|history of)){0,6} $"
)


_LOOK_BACK = 120  # letters; no answer takes longer because a text is long


def _is_told(pattern: re.Pattern[str], sentence: str) -> bool:
    """Whether the sentence says it of now, or of a time that it does not name."""
    return any(
        not (
            _AGO_AFTER.match(sentence, match.end())
            or _AGO_BEFORE.search(before := sentence[max(0, match.start() - _LOOK_BACK) : match.start()])
            or _DENIED.search(before)
        )
        for match in pattern.finditer(sentence)
    )


def danger(text: str) -> Danger | None:
    """What the words say that may happen, by whichever way they came; None where they say nothing of the kind."""
    joined, sentences = plain(text), [plain(each) for each in _SENTENCES.split(text)]
    for always, told, kind in (
        (_EMERGENCY, _TOLD_EMERGENCY, Danger.EMERGENCY),
        (_SUICIDE, _TOLD_SUICIDE, Danger.SUICIDE),
    ):
        if always.search(joined) or any(map(always.search, sentences)):
            return kind
        if any(_is_told(told, each) for each in sentences):
            return kind
    return None


def in_danger(text: str) -> bool:
    """Whether the words say that somebody may die or be hurt. In doubt they do."""
    return danger(text) is not None
