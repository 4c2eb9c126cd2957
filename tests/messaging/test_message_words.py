"""What people write back, in English and Spanish."""

from __future__ import annotations

import pytest

from messaging.reply_words import STOP_WORDS, Meaning, meaning

STOP = """
STOP|stop.|Stop!!|STOPALL|stop all|Stop please|please stop|quit|QUIT|end|revoke|opt out|OPT-OUT|cancel
unsubscribe|Remove me
stop it|Please stop texting me|stop sending me these messages|Stop the texts|no more messages please|Don't text me
do not contact me anymore|don't email me again|I don't want any more reminders|I no longer want these texts
leave me alone
take me off your list|wrong number|I revoke my consent|remove my number|quit bugging me|unsubscribe me from this
PARAR|Pare|ALTO|alto por favor|cancelar|Basta|baja|ya no quiero mensajes|No quiero más mensajes|no me escriban más
No me llamen|dejen de mandarme mensajes|deje de escribirme|no más textos|cancele los mensajes|quítenme de la lista
denme de baja|número equivocado|déjenme en paz|no me vuelvan a escribir|No me envíen mensajes
borren mi número y no me llamen más
no mas|ya no más|no more|ya no me manden nada|no me mande nada más|I no longer wish to receive these|unsuscribe
Quiten mi número|borren mi numero|ѕtop|stop calling me|don't call me anymore|stop texting me he is fine now
🛑 stop 🛑|ＳＴＯＰ
I no longer consent|I withdraw my consent|I do not consent|I no longer give permission to text me
retiro mi consentimiento
ya no consiento|no autorizo|ya no doy permiso|I withdraw consent to these messages
quit it|cut it out|S T O P|S.T.O.P|s-t-o-p now|S T O P texting me|stoppp|STOOOP|Stopp|STOPSTOP|stop stop stop
ST0P|🛑|🛑🛑|🛑️
PARARPARAR|p a r a r
ya no|Ya no, gracias|ya no por favor|ya no me llamen|ya no me escriba|ya no quiero recibir nada
ya no deseo recibir esto
ya no me manden mensajes
"""
NOT_STOP = """
I can't stop drinking|he won't stop using|my son wants to quit|how do I end this pain|the end of the week is fine
Please cancel my appointment on Friday|can you call me|Thank you|gracias|we connected|they never called back
don't text him yet
No me mandaron nada|no llamo porque trabajo|Para mi hijo|no hemos parado de llorar
my insurance will cancel next month
They don't call me back. We need help|They never call me back, please help|don't call me at work, call my cell
Please do not call me before 10am|I don't want to text, please call me|he won't stop texting his dealer
my husband will not stop calling me names, help|I don't need more messages I need a bed
No me llame más tarde, ahora
stop, my son is using again|they should stop sending me letters|terminar todo|end all
when does the program end?|please don't stop|no me llamaron todavía|did they send you my papers|ok
I cannot stop drinking|don't stop the treatment|please don't stop the messages|do not cancel my reminders
don't end the plan
no dejen de escribirme|no paren de mandarme mensajes|ya no bebo|ya no tomo|ya no más alcohol|ya no quiero beber
ya no sé
no puedo parar|no more drinking for me|I no longer drink|I no longer have permission to drive
I don't have permission
I don't consent to detox|no consiento que beba|I signed the consent|my son no longer consents to treatment
a b c|no|no no
I a m ok|stopped drinking!|✋|⛔|🛑 help my son|Nope stop|not interested|enough|parade|endless|stopgap
"""


# What may ask us to stop: a person reads it with that in mind.
MAYBE = """
I can't stop drinking|please don't stop the messages|I don't consent to detox|ya no quiero|ya no más alcohol
not interested
no me interesa|enough|✋|🚫|🛑 help my son|Nope stop|HELP STOP|Stop helping and call me|no puedo parar
"""


def _lines(text: str) -> list[str]:
    return [one for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", _lines(STOP))
def test_any_reasonable_wording_stops(text: str) -> None:
    assert meaning(text) is Meaning.STOP


@pytest.mark.parametrize("text", _lines(NOT_STOP))
def test_what_is_about_life_and_not_about_messages_goes_to_a_person(text: str) -> None:
    assert meaning(text) in (Meaning.REPLY, Meaning.MAYBE_STOP)


@pytest.mark.parametrize("text", ["START", "start", "unstop", "Iniciar", "REANUDAR", "start please"])
def test_start_words_start(text: str) -> None:
    assert meaning(text) is Meaning.START


@pytest.mark.parametrize("text", ["HELP", "help!", "info", "AYUDA", "ayuda por favor", "Información"])
def test_help_words_ask_for_help(text: str) -> None:
    assert meaning(text) is Meaning.HELP


@pytest.mark.parametrize(
    "text",
    ["end it all", "End it", "I want to end my life", "stop or he will kill himself", "quiero morirme", "overdose!"],
)
def test_a_word_of_danger_is_a_call_for_help(text: str) -> None:
    assert meaning(text) is Meaning.HELP


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_a_stop_word_stops_however_it_is_typed(word: str) -> None:
    for typed in (
        word.upper(),
        " ".join(word),
        ".".join(word),
        word + word[-1] * 3,
        word * 2,
        f"{word} {word}!",
        f"¡{word}!",
    ):
        assert meaning(typed) is Meaning.STOP, typed


def test_a_stop_word_said_ten_thousand_times_is_read_at_once() -> None:
    assert meaning("STOP" * 10_000) is Meaning.STOP
    assert meaning("STOP" * 10_000 + "x") is Meaning.REPLY


@pytest.mark.parametrize("text", ["", "   ", "👍", "?", "\x00", "a" * 5000])
def test_what_says_nothing_is_a_reply(text: str) -> None:
    assert meaning(text) is Meaning.REPLY


@pytest.mark.parametrize("text", _lines(MAYBE))
def test_a_doubtful_stop_is_marked_for_staff(text: str) -> None:
    assert meaning(text) is Meaning.MAYBE_STOP
