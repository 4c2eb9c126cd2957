"""What people write back, in English and Spanish."""

from __future__ import annotations

import pytest

from messaging.words import Meaning, meaning

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
"""
NOT_STOP = """
I can't stop drinking|he won't stop using|my son wants to quit|how do I end this pain|the end of the week is fine
Please cancel my appointment on Friday|can you call me|Thank you|gracias|we connected|they never called back
don't text him yet
No me mandaron nada|no llamo porque trabajo|Para mi hijo|no hemos parado de llorar|my insurance will cancel next month
They don't call me back. We need help|They never call me back, please help|don't call me at work, call my cell
Please do not call me before 10am|I don't want to text, please call me|he won't stop texting his dealer
my husband will not stop calling me names, help|I don't need more messages I need a bed|No me llame más tarde, ahora
stop, my son is using again|they should stop sending me letters|terminar todo|end all
when does the program end?|please don't stop|no me llamaron todavía|did they send you my papers|ok
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


@pytest.mark.parametrize("text", ["", "   ", "👍", "?", "\x00", "a" * 5000])
def test_what_says_nothing_is_a_reply(text: str) -> None:
    assert meaning(text) is Meaning.REPLY


def test_a_doubtful_stop_is_marked_for_staff() -> None:
    assert meaning("I can't stop drinking") is Meaning.MAYBE_STOP
