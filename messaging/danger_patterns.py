"""How people say that somebody may die or be hurt now: patterns over plain words, English and Spanish.

Whoever writes in danger leaves out who, spells by ear and says two things in one breath. What is done, how much of it,
with what, and what is seen are parts that go together in any way. No part may look far ahead or back: a letter of a
long text costs no more than one of a short text.
"""

from __future__ import annotations

import re

# No group repeats possessively, as `(?:a|b)*+` does: Python before 3.11.5 matches such a group wrongly (gh-106052).


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?:{part})\b" for part in parts))


_NOT = (
    r"(?:can ?t|cannot|can not|couldn ?t|won ?t|will not|does ?n ?t|does not|is ?n ?t|is not|ain ?t|not|stopped|quit)"
)
_UNSAID = r"(?<!not )(?<!n t )(?<!nt )(?<!never )(?<!no )"
_PILLS = (
    r"(?:pills?|meds|medications?|medicines?|tablets?|tylenol|ibuprofen|advil|aspirins?|benadryl|nyquil|insulin"
    r"|benzos|xanax|xanny|xannies|xans|klonopins?|ativan|valium|ambien|seroquel|trazodone|gabapentins?|lithium"
    r"|methadone|suboxone|oxys?|oxycodone|percs?|percocets?|norcos?|vicodin|adderall|sleeping aids?|antidepressants?)"
)
_PASTILLAS = (
    r"(?:pastillas?|pastiyas?|pildoras?|medicinas?|medicamentos?|tabletas?|pills|meds|pepas|chochos|xanax|tylenol"
    r"|clonazepam|rivotril|tafil)"
)
_POISON = (
    r"(?:bleach|antifreeze|(?:rat )?poison|drano|pesticides?|rubbing alcohol|gasoline|lye|washer fluid|acetone"
    r"|turpentine|ammonia|batter(?:y|ies)|cloro|veneno|raticida|anticongelante|insecticida|gasolina|thinner|acido)"
)
_STRONG = r"(?:fent\w*|heroin|dope|meth|crystal|coke|cocaine|crack|ghb|opioids?|drugs)"
_SELF = r"(?:my|him|her|them|your|it) ?sel(?:f|ves)"
_KIN = (
    r"(?:son|daughter|husband|wife|boyfriend|girlfriend|partner|ex|dad|father|stepdad|mom|mother|brother|sister|kid"
    r"|child|baby|friend|grandson|roommate)"
)
_PERSON = rf"(?:he|she|they|who|{_KIN})"
_IS = r"(?: is| s| was| looks?| looking)"
_WHO_IS = rf"(?:(?:he|she|they|{_KIN}|face|skin|lips?|fingers?|nails?)(?:{_IS}| are| re| m)|hes|shes|and|but)"
_POSS = r"(?:his|her|my|their|the)"
_WILL = r"(?:going to|gonna|wants? to|wanna|plans? to|about to|ready to|will|ll|threat\w* to)"
_WHOLE = r"(?:whole|entire|full|complete|hole)"
_DRINK = (
    r"(?! (?:of )?(?:\w++ )?(?:water|milk|juice|soda|gatorade|formula|pedialyte|coke|pop|lemonade|tea|deposit|agua"
    r"|leche|jugo|refresco|suero)\b)"
)
_HABIT = (
    r"(?! (?:as|on time|every|each|daily|to (?:the|a|my|his|her)|with (?:him|her|me)|like (?:he|she|i) should|como)\b)"
)
_MANY = (
    rf"(?:all|every|(?:the )?rest|too many|so many|a bunch|lots?|a lot|tons|a handful|handfuls?"
    rf"|an? (?:{_WHOLE} )?bottle|(?:a|the|{_POSS}) {_WHOLE}(?: bottle| pack| strip| box)?|(?:like |about |around "
    rf"|over |almost |maybe ){{0,6}}"
    r"(?:\d{2,3}(?! ?mg)|ten|fifteen|twenty|thirty|forty|fifty|dozens?|hundred))"
)
_WOUND = r"(?:wrists?|veins?|arms?|throat|neck)"
_HERIDA = r"(?:(?:las?|los|sus?|el|mis) )?(?:[vb]enas?|munecas?|brazos?|garganta|cuello|antebrazos?)"
_CUT = r"(?:cut|cutted|slit|slitted|slashed|sliced)"
_HIGH = (
    r"(?:bridge|puente|roof|techo|azotea|balcony|balcon|window|ventana|ledge|overpass|building|edificio|freeway|train"
    r"|tren)"
)
_OFF = (
    rf"(?:off|from|out(?: of)?|in front of)(?: (?:a|the|{_POSS}|our|of)){{0,6}}"
    rf" (?:\w++ )?(?:{_HIGH}|car|truck|cliff)"
)
_DEL = rf"(?:del?|por|desde|al?|frente al?) (?:la |el |un |una |su )?(?:{_HIGH}|barranco|carro|vias|freeway)"
_TOO_MUCH = (
    r"(?:tod[ao]s?|much[ao]s|muchisimas|demasiad[ao]s|un (?:monton|puno|frasco|bote)|el (?:frasco|bote)|una? (?:caja"
    r"|botella)|(?:como |mas de |unas |casi |otras ){0,6}(?:\d{2,3}|diez|veinte|treinta|cuarenta|cincuenta))"
)
_TOMO = (
    r"(?:(?:se|me|nos) (?:ha |he |han )?(?:tomo|tomaron|tome|tomado|trago|trague|tragado|bebio|bebi|comio|comi|acabo)"
    r"|ingirio)"
)
_HIT = (
    rf"(?:me(?! (?:up|hard|that|like|to it)\b)|us(?! (?:hard|up|with (?:an? )?(?:\w+ )?(?:bills?|fees?|charges?))\b)"
    rf"|him|them|everyone|(?:my|his|her|our|the) (?:{_KIN}s?|kids"
    r"|children|family|face|head|stomach))"
)
_GUN = r"(?:guns?|pistols?|rifles?|shotguns?|k?ni[fv]es?|machetes?|firearms?|weapons?)"
_ARMA = r"(?:pistolas?|armas?|rifles?|escopetas?|cuchillos?|machetes?|navajas?|revolver)"
_LOCKED = (
    r"(?! (?:(?:\w++ ){0,4}(?:locked|lock|safe|license|permit|range|shop)|away|out of the (?:house|home)|to (?:the|my"
    r"|a)|from (?:him|her))\b)"
)
_EARLY = (
    r"(?! (?:(?:early|before|on time|in (?:the mornings?|time)|for (?:school|work|class|group|breakfast|his|her|the"
    r"|a)|at"
    r" \d|until|till|to (?:an?|the|his|her)|him|her|them|people|any|anyone|every\w+|me|us|my|our)\b|(?:temprano|antes"
    r"|a tiempo|interes|confianza|para|hasta|por)\b))"
)
_WANT = r"(?:(?:qu|k)ier[oe])"

# What a small child finds, and the words before it.
_CHILD = r"(?:baby|toddler|kid|child|boy|girl|grandson|granddaughter|grandchild|little one|(?:year|yr|month)s? old)"
_NINO = r"(?:bebe|nin[oa]|niet[oa]|nietit[oa]|chiquit[oa]|hijit[oa])"
_FOUND = rf"(?:{_PILLS}|gumm(?:y|ies)|edibles?|vodka|liquor|whiskey|tequila|alcohol|(?<!root )beer|wine|{_STRONG})"
_HALLO = rf"(?:{_PASTILLAS}|gomitas?|vodka|cerveza|alcohol|vino|tequila|droga)"
_SOME = (
    r"(?:(?:an?|one|two|some|of|the|her|his|my|our|your|few|thc|weed|sleeping|pain|bunch|whole|bottle|s|moms?|dads?"
    r"|grandmas?|mamas?|\d+) ){0,6}"
)
_UNAS = r"(?:(?:una?|unas?|unos|dos|tres|el|la|las|los|del?|mi|mis|poco|frasco|botella) ){0,5}"
_SHAKES = r"(?:shak(?:es|ing|y)|trembl(?:es|ing)|sweat(?:s|ing|y)|tremors)(?! (?:his|her|hands?|heads?|it off)\b)"
_TIEMBLA = r"(?:tiembla|temblando|temblores|suda|sudando)"
_VERMIN = r"(?:bugs?|spiders?|snakes|rats|ants|roaches|demons|shadow people)"
_CHILDREN = r"(?:baby|toddler|kids?|child|children|boys?|girls?|son|daughter|grandson|granddaughter|grandkids)"
_DRUNK = r"(?:drunk|high(?! school)|wasted|hammered|loaded)"

# A life in danger at this minute.
EMERGENCY = _any(
    # A child swallowed something
    rf"{_CHILD} (?:\w++ ){{0,2}}(?:swallowed|ate|eaten|chewed|drank|licked) {_SOME}{_FOUND}",
    rf"{_CHILD} (?:\w++ ){{0,2}}(?:got|gets|been) in ?to {_SOME}(?:{_PILLS}|gumm(?:y|ies)|edibles?|vodka|liquor|stash)",
    rf"{_NINO} (?:\w++ ){{0,2}}(?:trago|tomo|comio|bebio) {_UNAS}{_HALLO}",
    rf"(?:daughter|son)(?: \w++)? (?:swallowed|ate|drank) {_SOME}{_FOUND}(?: \w++){{0,2}} (?:(?:s?he )?(?:is|s)|shes"
    r"|hes) [1-9](?! (?:months?|weeks?|days?)\b)\b",
    # Somebody comes at them, or they hide
    r"thr(?:ew|owing) (?:\w+ ){1,3}at (?:me|us|my head|the (?:kids|girls|boys|baby|wall next to me))",
    r"coming (?:up|down) the stairs|(?:he|she) (?:is|s) coming (?:at|for|after) (?:me|us)",
    r"(?:pushed|shoved|dragged|grabbed) (?:me|us)"
    r"(?! (?:to|toward|into (?:rehab|treatment|getting|going)|away|for|on)\b)",
    r"(?:girls|boys|kids|children|we|i) (?:are|am|r|re|m) hiding (?:from|in|under|behind|$)|(?:girls|kids) are hiding",
    r"(?:scared|afraid|terrified) of (?:him|her|my \w+) (?:tonight|right now|now)",
    r"(?:me|nos) (?:avento|tiro|lanzo) (?:una?|el|la|los|las|cosas)|me (?:empujo|jalo|arrastro)(?! a (?:ir|buscar))",
    r"(?:estamos|estoy|ninos estan) escondid[oa]s?|(?:me da|le tengo) (?:mucho )?miedo (?:esta noche|ahorita|ahora)",
    # Confused or seeing what is not there as the body stops
    rf"{_PERSON}(?: is| s| keeps| was| started)? (?:sees|seeing) (?:\w++ )?{_VERMIN}(?! (?:bite|spray)\w*)",
    r"(?:sees|seeing) (?:things|people|stuff|someone) (?:(?:that|who) )?(?:(?:are|is) ?n ?t|are not"
    r"|is not|s not) (?:\w++ )?"
    r"there",
    rf"(?:{_SHAKES}|confused)(?: \w++){{0,6}} (?:(?:sees|seeing|hears|hearing) (?:things|people|stuff|voices|{_VERMIN})"
    r"|hallucinat\w+)",
    rf"hallucinat\w+(?: \w++){{0,6}} (?:{_SHAKES}|since (?:he|she|they) (?:stopped|quit))",
    rf"confused(?: \w++){{0,3}} {_SHAKES}|{_SHAKES}(?: \w++){{0,3}} confused",
    r"(?:ve|viendo) (?:bichos|aranas|viboras|ratas|insectos|(?:cosas|gente|personas) que no (?:estan?"
    r"|existen?|hay|son))",
    rf"{_TIEMBLA}(?: \w++){{0,6}} (?:confundid[oa]|alucin\w+|(?:ve|viendo|oye|oyendo) (?:cosas|gente|voces))"
    rf"|(?:confundid[oa]|alucin\w+)(?: \w++){{0,4}} {_TIEMBLA}",
    # Shut in with something
    r"(?:locked|locks)(?: \w++){0,6} with (?:an?|the|his|her|my|some) (?:razors?|(?:razor )?blades?"
    r"|box ?cutter|scissors"
    r"|ropes?|belt|pills|meds|bottle of \w++)",
    r"(?:encerro|encerrad[oa])(?: \w++){0,5} con (?:una?|unas?|la|las|el|su|sus|mi|mis) (?:navajas?"
    r"|rastrillo|cuchillas?"
    r"|tijeras|cuerda|soga|cinto|pastillas|frasco)",
    r"ropes?(?! swing)(?: \w++){0,6} (?:sorry|goodbye|good bye|forgive)|(?:cuerda|soga)(?: \w++){0,6} (?:perdon\w*"
    r"|adios|despid\w+)",
    # Took too much
    r"(?:he|she|they|i|son|daughter)(?: has| have| just)? (?:took|taken) too much(?! (?:time|work|money|effort|on|of))",
    rf"(?:injected|shot up|snorted|shot|did|used|smoked|drank|took"
    rf"|taken)(?: \w++)? too much (?:of )?(?:\w++ )?{_STRONG}",
    r"(?:injected|shot up|snorted) (?:\w++ )?too much",
    rf"(?:drank|drunk|drinking|swallowed|swallowing|ate|took|taken)(?: \w++){{0,3}} {_POISON}",
    rf"(?:tomo|tome|tomado|tomando|trago|trague|bebio|bebi|comio|ingirio)(?: \w++){{0,3}} {_POISON}",
    rf"(?:{_TOMO}|tomo(?! tod[ao]s mis)|trago) {_TOO_MUCH}(?: (?:de|el|la|las|los|sus?|mis?|frasco|bote|unas)){{0,4}}"
    rf" {_PASTILLAS}(?! (?:como|con)\b)",
    rf"{_TOMO} (?:todo (?:el|su|mi) (?:frasco|bote)|toda (?:la|su|mi) (?:botella|caja)|(?:el|la|un|una|su) (?:frasco"
    rf"|bote|botella|caja) (?:enter[oa]|complet[oa]))(?: de)?{_DRINK}",
    rf"{_TOMO} las {_PASTILLAS} de (?:mi|su|la|el|otra)",
    rf"(?:{_TOMO}|tomo) (?:un |el )?(?:frasco|bote) (?:de )?{_PASTILLAS}",
    r"(?:se|me) (?:inyecto|inyecte|metio|meti|pico|pique) demasiad[oa](?! en\b)|se (?:le )?paso (?:de|en|con) (?:la "
    r"|las )?dosis",
    # Cannot be woken
    r"(?:can ?t|cannot|can not|couldn ?t|could not|unable to) (?:\w+ )?wake(?: up)? (?:him|her|them|my \w+|our \w+)",
    r"(?:can ?t|cannot|can not|couldn ?t) (?:\w+ )?wake (?!up\b|early\b|before\b|in\b|at\b|until\b|on\b)\w+",
    r"(?:can ?t|cannot|couldn ?t) get (?:him|her|them|my \w+) (?:to wake|awake)",
    rf"(?<!\bi )(?<!\byou )(?<!\bwe )(?:won ?t|will not|wouldn ?t|would not|can ?t|cannot|can not|is ?n ?t|is not"
    rf"|ain ?t|does ?n ?t|does not|did ?n ?t|did not|never"
    rf"|(?<!can )(?<!will )(?<!would )(?<!does )(?<!did )(?<!do )not)"
    rf" (?:even |ever |be )?(?:wake|wakeing|waken|waking|wakin|woke|woken)(?: up)?+{_EARLY}",
    r"(?:tried|trying|try)(?: \w++)? (?:to )?wake \w++(?: \w++){0,4} (?:won ?t|wouldn ?t|nothing|no (?:response"
    r"|answer))",
    r"(?:won ?t|will not|can ?t|cannot|doesn ?t|isn ?t|not) open(?:ing)? (?:his|her|their) eyes(?! to)",
    rf"(?:he|she|hes|shes|{_KIN})(?: (?!they|program|clinic|insurance|office|place|doctor|school|it\b)\w++){{0,4}}"
    r" (?:won ?t|will not|isn ?t|is not|s not|not|doesn ?t|does not|stopped) respond(?:ing)?"
    r"(?: to (?:me|us|touch|pain|anything|narcan|(?:his|her) name))?(?: at all)?(?: (?:and|he|she|please|pls|help)\b"
    r"|$)",
    rf"(?:(?:{_WHO_IS}|he|she) (?:not|not even|isn ?t|is not) moving|(?:he|she|{_KIN}) (?:won ?t|can ?t"
    rf"|doesn ?t) move)"
    r"(?! (?:out|to|in|into|on|back|forward|away|from|there|here|with|up|the|his|her|my)\b)",
    r"(?:went|going|gone|is|hes|shes) limp|eyes (?:\w++ ){0,2}roll\w* (?:back|up)",
    r"(?:lying|laying|found (?:him|her|my \w++)|he is|she is|hes|shes) (?:\w++ )?on the (?:bathroom |kitchen "
    r"|bedroom )?floor",
    rf"(?:{_PILLS}|{_STRONG}) (?:\w++ ){{0,4}}passed out(?! (?:flyers|papers|cards|food)\b)",
    r"(?:passed|passing) out(?: \w++){0,3} (?:won ?t|will not|can ?t|cannot|isn ?t|not) (?!eat|go|take|want|hand)\w+",
    rf"(?:he|she|him|her|{_KIN})(?: (?:is|s|was))?(?: \w+)? unrespons\w+",
    r"no (?:l[oae]s?|se) (?:puedo|podemos|pude|logro|logramos) despertar",
    r"no (?:puedo|podemos|pude|puede|logro|logramos|consigo) despertar(?:l[oae]s?| a)",
    rf"no (?:se )?(?:despiert[ae]+|desperto|h?a despertado|esta despertando|(?:quiere|puede) despertar)(?:se)?{_EARLY}",
    r"no l[oae]s? (?:despierto|desperte|despertamos)|tirad[oa] en (?:el|la) (?:piso|suelo|bano|calle|patio)",
    rf"(?:fent\w*|heroina|cristal|drogas?|narcan|{_PASTILLAS}) (?:\w++ )?y no (?:me )?(?:responde|contesta)",
    r"(?:no|ni) (?:abre|quiere abrir) (?:l[oa]s |sus )?ojos",
    r"(?<!lista )(?<!caso )(?<!tramite )(?<!nada )no se mueve(?! (?:l[ao]s?|el|del?|en|nada|mi|su)\b)",
    r"no responde (?:ni|a (?:nada|mi voz|su nombre)|al dolor|cuando l[oae] (?:muevo|toco|hablo))",
    r"(?:perdio|perdido|sin) (?:el )?conoc?imiento",
    r"no (?:esta )?reacc?ion(?:a|o|ando)(?! (?:a|al|bien|con)\b)",
    # Does not breathe
    rf"(?:{_NOT}|barely|hardly|trouble) bre(?:ath?|th)(?:e|es|ing|in|eing)?(?! (?:a word|treatments?|exercises?)\b)",
    r"breathing (?:is )?(?:\w++ )?(?:weird|wierd|funny|slow\w*|wrong|strange\w*|shallow\w*)|gurgling"
    r"|gasping for (?:air|breath)",
    r"choking on (?:his|her|my|their|vomit)|foam(?:ing)? (?:at|from|in) (?:the|his|her) mouth",
    r"(?:turn(?:ing|ed|s)?|going|went) (?:blue|purple)|(?<!hair )(?<!hair is )turning (?:gr[ae]y|white)|lips (?:are "
    r"|re |is |look )?(?:turning )?(?:blue|purple)|(?:blue|purple) lips",
    rf"(?:{_WHO_IS}|he|she|lips|skin) (?:(?:all|so|very|really|now|getting|turning|pale|cold|stiff|is|and) ){{0,6}}"
    r"(?:blue|purple)"
    r"(?! (?:shield|cross|collar|eyes?|hair|eyed)\b)",
    r"(?:cold|pale|stiff) and (?:blue|stiff|cold|not|gr[ae]y)|cold to the touch",
    r"(?:having|has) (?:a|another) seizure(?! disorder)|had (?:a|another) seizure (?:just|now|today|tonight)"
    r"|just had a seizure"
    rf"|(?:he|she|hes|shes|{_KIN})(?: is| s)? (?:seizing|convulsing)(?! (?:the|an?|every|this)\b)",
    r"no (?:pulse|heart ?beat)|(?:doesn ?t|don ?t|can ?t|cannot|can not|couldn ?t|not) (?:\w++ )?(?:have|find"
    r"|feel) (?:a|his|her) (?:pulse|heart ?beat)|heart (?:has )?stopped",
    rf"i think (?:(?:my|our|the) )?(?:{_PERSON}|hes|shes)(?: is| s| was| might be| may be)? (?:dead|dying|gone$)"
    r"(?! (?:set|tired|serious|wrong|broke|to|for|of|inside)\b)|found (?:him|her|my \w++) (?:\w++ )?dead",
    r"(?:^|(?:he|she|hes|shes|son|daughter)(?: is| s)? )(?:dying|dead) ?(?:$|please\b|pls\b|help\b)|im dying$",
    r"no (?:esta |puede |puedo )?respira(?:r|ndo)?|dejo de respirar|apenas respira|convulsionando",
    r"respira(?:ndo)? (?:\w++ )?(?:raro|mal|feo|lento|despacio|poquito|con dificultad)",
    r"(?:sin|no (?:l[eo] )?(?:tiene|siento|sentimos|encuentro|hay)(?: el| su)?) pulso|se le (?:paro"
    r"|detuvo) el corazon|no le late",
    r"le (?:esta dando|estan dando|dio|dieron|da) (?:una |unas |otra )?convulsion(?:es)?|espuma (?:por|en|de) la boca",
    r"(?:labios|cara|unas|dedos) (?:\w++ ){0,2}(?:azul(?:es)?|morad[oa]s?)",
    r"(?:esta poniendo|se puso|se pone|esta|se ve) (?:(?:muy|tod[oa]|bien|como|fri[oa]|y) ){0,6}(?:azul"
    r"|morad[oa])(?! (?:el|la|cuando)\b)",
    r"ojos (?:\w++ )?en blanco|(?:se|me) (?:esta )?ahog(?:a|o|ando)(?:se)?(?! (?:en|de)\b)",
    r"fri[oa] y (?:no|ties[oa]|morad[oa]|azul|dur[oa])|ties[oa] y fri[oa]",
    r"(?:creo|parece|pienso) que (?:mi \w++ )?(?:ya )?(?:esta muert[oa]|se murio)|(?:lo|la) (?:encontr"
    r"|hall)\w+ muert[oa]",
    r"(?:esta|me) muriendo(?:se)?(?! (?:del?|por)\b)",
    # Bleeds, hangs, jumps
    rf"bleeding (?:out|a lot|bad(?:ly)?|everywhere|heavily|from (?:{_POSS} )?{_WOUND})|stop(?:s"
    rf"|ping)? (?:the )?bleeding"
    r"|bleeding (?:\w++ ){0,3}(?:can ?t|won ?t|not) stop",
    r"(?:blood (?:is )?everywhere|(?:so much|lots of|pool of|a lot of) blood)(?! (?:work|tests?|pressure)\b)",
    r"(?:throwing up|threw up|vomiting|puking|coughing)(?: up)? blood|vomit(?:o|ando) sangre|desangrando"
    r"|sangrando (?:much[oa]|bastante|feo|del?)|much(?:a|isima) sangre|sangre por tod",
    rf"{_UNSAID}(?:rope|noose|belt|cord|sheet) (?:is )?(?:around|on|round) {_POSS} neck"
    r"|(?:soga|cuerda|cinto|cinturon|cable|lazo|mecate) (?:en|al|a|alrededor del?) (?:el |su )?cuello",
    r"(?:is|s|hes|shes|found (?:\w++ )?\w++|saw (?:him|her)) hanging(?! (?:out|around|on|up|in there|with|by a)\b)"
    r"(?:$| (?:from|in|by|there|dead)\b)",
    r"(?:encontr\w+|esta|hall\w+|vi(?:mos)?) colgad[oa](?: (?:del?|en (?:el|la) (?:closet|cuarto|bano|gara\w+"
    r"|arbol))\b|$)",
    rf"(?:on the|on a|at the|at a|en el|en la|en un|del?|de la) (?:\w++ )?{_HIGH}(?: \w++){{0,6}} (?:jump\w*|brincar"
    rf"|saltar|avi?ent\w*|avent\w*|tirar\w*)",
    rf"(?:is|s|hes|shes) (?:trying to )?(?:cut|slit|hang|kill|stab|shoot|drown)(?:t?ing)? (?:{_SELF}|{_POSS} {_WOUND})"
    r" (?:right )?now",
    r"(?:walk|walked|walking|ran|running|run) (?:in ?to|in front of) (?:the |a )?(?:traffic|freeway|cars?|train)",
    r"(?:standing|sitting) on (?:the|a) (?:\w++ )?(?:bridge|roof|ledge|overpass|tracks|railing)",
    r"(?:hose|pipe) (?:from|in|to|on) (?:the |his |her )?(?:exhaust|tail ?pipe)",
    rf"{_WILL} jump(?: {_OFF}|$)|jumping {_OFF}",
    rf"(?:aventar|tirar|lanzar|arrojar|brincar|saltar)(?:se|me)? {_DEL}",
    # A weapon at hand
    rf"{_UNSAID}(?:has|have|hes|got|holding|holds|grabbed|grabs|pulled|pulls|brought|waving|pointing|pointed|bought"
    rf"|carries|took|loaded|loading|found|firing|fired|wants)"
    rf" (?:out )?(?:(?:a|an|his|her|the|my|got|some|loaded|kitchen|big|(?:dad|mom|uncle|brother|father"
    rf"|husband) ?s) ){{0,4}}"
    rf"{_GUN}{_LOCKED}",
    rf"{_UNSAID}{_GUN} (?:to|at|on|in|against) (?:me|us|him|her|{_POSS} (?:\w++ )?(?:head|throat|neck|mouth|chest"
    rf"|wrists?|stomach|temple)|{_POSS} {_KIN})",
    rf"(?:me|us|him|her|room|door|bathroom|garage|{_SELF}) with (?:a|the|his|her) (?:loaded |kitchen )?{_GUN}",
    rf"{_ARMA} (?:en|a) (?:la|su|el) (?:cabeza|boca|sien|pecho|cuello|garganta)",
    r"se (?:dio|pego) (?:un |dos )?(?:tiro|balazo|disparo)s?|se disparo(?: (?:en|con|a si)\b|$)",
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
    r"(?:me|nos|les?) (?:esta |estan )?(?:pega|pegan|pego|pegando|golpea|golpean|golpeo|golpeando)(?! (?:el|la|las"
    r"|los|al|a la|un susto|una gripe|duro (?:la|el)|much[oa] (?:la|el))\b)",
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
_ANY = r"(?: (?:any ?more|any longer|much longer))"
_DONT = r"(?:don ?t|do not|doesn ?t|does not)"
SUICIDE = _any(
    r"end(?:ing)? it(?: all)?|end(?:ing)? (?:my|his|her) life|kms|unalive\w*",
    rf"(?:kill?|end)(?:ing|in|s)? {_SELF}|(?:hurt|harm|cut|shoot|stab|hang|drown|poison)(?:ting|ing|s)? {_SELF}",
    rf"(?:cut|slit|slash|slice)(?:s|ting|ing)? (?:{_POSS}|both)(?: own)? {_WOUND}(?! (?:off|hours)\b)",
    rf"{_WILL} (?:take|swallow|drink) {_MANY}(?: of)?(?: \w++){{0,2}} {_PILLS}{_HABIT}",
    r"(?:goodbye|good bye|good by|farewell|suicide) (?:note|letter|video|text)s?(?! (?:to|for) (?:\w++ )?(?:alcohol"
    r"|drugs?|addiction|heroin|meth|disease|drinking|bottle)\b)|note saying (?:goodbye|good bye|sorry)",
    r"(?:wish|hope)(?:es)? (?:i|he|she) (?:did ?n ?t|don ?t|would ?n ?t|never|could not) w[ao]ke up",
    r"(?:says?|said|told \w++|tells \w++)(?: \w++){0,2} (?:won ?t|will not) be (?:here|alive|around) (?:tomorrow"
    r"|much longer|any ?more|for long)",
    r"(?:wants? to|wanting to|wanna|wanted to|rather|ready to) die(?! (?:my|his|her|the)\b)|(?:better off"
    r"|rather be) dead",
    r"wish(?:es)? (?:i|he|she) (?:was|were) dead",
    r"better of+ with ?out me|(?:says?|said|thinks?|thinking) (?:\w+ ){0,5}better of+ with ?out (?:him|her)",
    r"(?:better|happier|easier)(?: off)? if i (?:(?:was|were) (?:dead|gone|not here)|(?:was|were)n ?t here|died)",
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
    r"matarme|matarse|quitar(?:me|se)? la [vb]ida|ahorcar(?:me|se)|colgar(?:me|se)$|(?:carta|nota) de despedida",
    rf"(?:se|me) (?:{_WANT}|[vb]a a|[vb]oy a|qui[sz][oe]|queria) (?:colgar|ahorcar|matar|morir)(?! (?:la|el|del?)\b)",
    rf"(?:se|me) corta {_HERIDA}|cortar(?:se|me)? {_HERIDA}",
    r"mejor (?:se muere|me muero|morir\w*)|prefer\w+ (?:estar muert[oa]|morir\w*)",
    r"ojala (?:no|nunca) (?:me |se )?(?:despert|amane)\w+|ojala (?:me |se )?(?:muriera|estuviera muert[oa])",
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
    r"(?:sin|no (?:tengo|tiene|hay)|ningun[ao]?) (?:razon(?:es)?|motivos?) (?:para|de|por) (?:que )?(?:[vb]i[vb]ir"
    r"|seguir)",
    r"mejor sin mi(?: (?:y|que|aqui|porque|todos|ya)|$)",
)
# What people tell of long ago as well as of now.
TOLD_EMERGENCY = _any(
    r"(?:fell|fallen)(?: \w++){0,6} (?:hit|hurt|bumped|banged|cracked|busted|smacked) (?:his|her|my|their) head",
    r"(?:hit|banged|cracked|busted|smacked) (?:his|her|their) head(?: \w++){0,6} (?:drunk|sleepy|drowsy|blood\w*|dizzy"
    r"|passed|confused|vomit\w*|throw\w*)",
    r"se cayo(?: \w++){0,6} (?:pego|golpeo)(?: \w++){0,3} cabeza|(?:pego|golpeo) (?:\w++ ){0,2}la cabeza(?: \w++){0,6}"
    r" (?:borrach[oa]|sueno|dormid[oa]|sangr\w+|mare\w+|vomit\w+)",
    rf"(?:drives|driving|drove)(?: \w++){{0,4}} {_DRUNK}(?: \w++){{0,4}} {_CHILDREN}"
    rf"|{_DRUNK}(?: \w++){{0,3}} (?:drives|driving|drove)(?: \w++){{0,4}} {_CHILDREN}",
    rf"(?:took|taking|left with|has) (?:the |my |our )?{_CHILDREN} (?:in|with)(?: \w++){{0,6}} {_DRUNK}",
    r"(?:maneja|manejando|manejo|se fue)(?: \w++){0,4} (?:borrach[oa]|tomad[oa]"
    r"|drogad[oa])(?: \w++){0,4} (?:bebe|nin[oa]s?"
    r"|hij[oa]s?|niet[oa]s?)",
    rf"(?:took|taken|swallowed|swallow|ate|drank|drunk|downed|popped|finished"
    rf"|emptied) {_MANY}(?: of)?(?: \w++){{0,3}} {_PILLS}{_HABIT}",
    rf"(?:took|taken|swallowed|drank|drunk|downed|chugged|finished|emptied|ate)(?: up)? (?:a|an|the|{_POSS}"
    rf"|that) {_WHOLE}"
    rf" (?:\w++ )?bottles?{_DRINK}",
    rf"(?:emptied|downed|finished|swallowed|drank) (?:a|{_POSS}) bottle of (?:\w++ )?{_PILLS}",
    rf"(?:took|taken|swallowed|drank) (?:\w++ )?{_WHOLE} (?:prescription|script|supply|stash|month)|an? (?:month"
    rf"|week) ?s worth of"
    rf" {_PILLS}",
    r"(?:took|taken|swallowed) (?:too many|all of (?:them|it)|them all|(?:(?:his|her|my) )?(?:pills|meds) all of them)"
    r"(?: (?:and|again|i think|tonight|today|now|at once|cabinet)\b|$)",
    rf"(?:took|taken|swallowed|ate) (?:\w++ )?everything in {_POSS} (?:\w++ )?cabinet",
    rf"(?<!to )(?<!gonna )(?<!wanna )(?<!will )(?<!ll )(?:just )?{_CUT}(?: open)? (?:{_POSS}|both)(?: \w++)? {_WOUND}"
    r"(?! (?:at work|cooking|shaving|on an?)\b)",
    rf"{_CUT} {_SELF} (?:\w++ )?(?:deep\w*|bad\w*|open|up)",
    rf"(?:hanged|hung|stabbed|shot) {_SELF}(?! (?:in the foot|out|up with)\b)|(?:stabbed|shot) (?:him|her|me|us|them"
    rf"|someone|(?:my|his|her|our) {_KIN})(?! (?:in the back|an?|up|it)\b)",
    rf"(?:jumped|threw {_SELF}|leaped|leapt) {_OFF}",
    r"(?:gave|giving|used|did)(?: (?:him|her|them|my \w++|the|some|two|2|a|of|dose|doses|already)){0,4} narcan"
    r"|narcan (?:is ?n ?t|is not|did ?n ?t|does ?n ?t|not|no) \w+|(?:di|dimos|pusimos|puse) (?:el )?(?:narcan"
    r"|naloxona)",
    rf"(?:he|she|{_KIN})(?: has| just)? collapsed(?! in (?:tears|my)\b)",
    rf"(?:se|me) (?:esta )?(?:corto|corte|cortando|abrio|rajo) {_HERIDA}(?! (?:en el trabajo|cocinando)\b)",
    r"(?:hij[oa]|espos[oa]|herman[oa]|novi[oa]|mama|papa|ella|el) se corto(?: (?:much|feo|con|otra)\w*|$)",
    r"se (?:ahorco|colgo)(?! (?:l[ao]s?|el|mi|un[ao]?|su)\b)",
    rf"se (?:avento|tiro|lanzo|arrojo|[vb]a a (?:aventar|tirar|lanzar)|quiere (?:aventar|tirar|lanzar)) {_DEL}",
    r"over ?do[sz](?!\w*(?:age|ages)\b)\w*(?! (?:prevention|awareness|training|class|kit)\b)|overdoes(?:ed|ing)",
    r"(?:he|she|they|i|son|daughter) (?:\w+ )?od(?: d| ed|ed|ing| ing)?|oding|sobre ?do[scz]is",
    r"uncon(?:sc|s|c)i\w*(?! (?:bias|mind))|(?:esta|quedo|encontr\w+) (?:\w+ )?incon?s?c?iente|se (?:desmayo"
    r"|desvanecio)|esta desma[yl]+ad[oa]|convulsiono",
    rf"{_PERSON} (?:\w+ )?(?:hit|beat|punched|kicked|choked|strangled|slapped|attacked|hurt|raped) {_HIT}"
    r"(?! (?:feelings|to (?:it|see))\b)",
)
TOLD_SUICIDE = _any(r"su[ie]?ci[ds]\w*(?! prevention)|suisid\w*(?! prevention)|siucid\w*")
# One word of what danger is told with, whatever is said of it: nobody who writes one of these is kept waiting.
HINT = re.compile(
    r"\b(?:bottles?|pills?|meds|drank|swallow\w*|overdos\w*|fent\w*|narcan|wak(?:e|ing)|woke|breath\w*|blue|cold"
    r"|pulse|blood\w*|bleed\w*|cut\w*|wrists?|hang\w*|hung|rope|jump\w*|bridge|roof|gun\w*|kni[fv]\w*|shot|shoot\w*"
    r"|stab\w*|hit\w*|hurt\w*|die[ds]?|dying|dead|death|kill\w*|suicid\w*|goodbye|911|988|emergency|ambulance"
    r"|collaps\w*|passed out|uncon\w*|seizure\w*|poison\w*|frasco|botella|pastillas?|tom[oe]|trag\w+|despert\w+"
    r"|despiert\w+|respir\w+|morad[oa]|azul|fri[oa]|sangr\w+|cort[oae]\w*|venas?|ahorc\w*|colg\w+|soga|puente|techo"
    r"|arma\w*|pistola|cuchillo|pega\w*|golpe\w*|muer\w+|mori\w*|mat[oa]\w*|suici\w+|desmay\w+|emergencia|ambulancia"
    r"|convuls\w+|veneno)\b"
)
