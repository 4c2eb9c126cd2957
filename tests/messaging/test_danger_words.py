"""Which words ring, as people type them, and which do not: a bell that rings too often is not heard."""

from __future__ import annotations

from time import process_time

import pytest

from messaging.danger_words import Danger, danger, may_be_danger
from tests.messaging import danger_sentences

EMERGENCY = """
He took all the pills and I cannot wake him up. Please come.
HE TOOK ALL THE PILLS AND I CANNOT WAKE HIM UP. PLEASE COME.|He has a gun in the house and he is drunk
He hits me when he drinks|he hit me last night|me pega cuando toma|Mi esposo me pego anoche|me esta pegando
he threatens me|she is threatening to kill us|he threatens|tiene una pistola|tiene un cuchillo y esta tomado
overdose!|he overdosed|she overdosed today|my son OD'd|he od'd in the bathroom|sobredosis
tuvo una sobredocis|he is not breathing|isnt breathing|hes not brething|no respira|no esta respirando
cant wake her up|I can't wake Tomas|she wont wake up|he will not wake up|no lo puedo despertar
no puedo despertarlo|no despierta|mi hija no se despierta|se tomo todas las pastillas
se tomó un frasco de pastillas|Tomas took all the pills, she cannot wake him, wants to die
he took a bottle of pills|she swallowed a handful of pills|he is unconscious|unconcious on the floor
his lips are blue|my husband is choking me|he beats me|he punched my mom|he's going to kill me
he said he will kill us|me quiere matar|nos va a matar|me amenaza con un cuchillo|me amenaza
he gets violent when he drinks|se pone violento|she came at me with a knife|they took too many pills
He is unresponsive|I am afraid for my life|he overdosed again like last year
overdosed. Last year he was fine|he hit his sister|he wants to hurt me|He is beating my sister
threatening us with a knife|he pulled a gun|He's hitting me|esta armado y me golpea|lo encontre inconsciente
"""
SUICIDE = """
They would be better off without me|they'd be better of without me|no le encuentro sentido a la vida
la vida no tiene sentido|no sense in living|there is no point in living|Me quiero morir|ya no puedo mas
I cannot go on|I cant do this anymore. I just want it all to be over|she says she wants to die
I want to kill my self|kill myself|suicide|hes suicidal|sucidal|suisidarse|quiero matarme|quitarse la bida
no kiero bivir|kiero morir|estarian mejor sin mi|Estarían mejor sin mí.
he says we would be better off without him|life is not worth living|no vale la pena vivir
no tengo ganas de vivir|I dont want to live anymore|he wants to hurt himself
I want to die. Last year I lost my job.|She says she wants to kill herself tonight|cutting herself
no quiero vivir|I don't want to wake up anymore|I want to die last year was hard
"""
ORDINARY = """
he hit rock bottom|He hit rock bottom last year|overdose last year|he overdosed in 2019
he overdosed two years ago|hace dos anos tuvo una sobredosis|el año pasado tuvo una sobredosis
She attempted suicide three years ago|She is not suicidal|he has never overdosed|no history of overdose
I can't stop drinking|I can't wake up early|he won't wake up for school|She will not wake up early
no despierta temprano|it hit me hard|It hits me that he is gone|he hit me up for money
her landlord threatens to evict us|he threatened to leave treatment|My job threatened me with a lawsuit
life threatening allergy|we have no guns|he does not have a gun|The guns are locked in a safe
We have guns locked in a safe|he shoots up heroin|he wants to shoot up|His drinking is killing him
the drugs are killing him|this is killing me|It hurts me to see him like this|he hurt my feelings
he used to hit me|He is not violent|no es violento|we would be better off without alcohol|without me knowing
I took all my meds as prescribed|Tomo todas mis medicinas|tomo mis pastillas todos los dias
he took too much time off|it took too much|What is the dosage
Need help for my daughter, overdose prevention class|me pega mucho la tristeza|le pega a la botella
me pego el sol|que lastima|We beat the odds|He needs to beat this|No puedo despertar temprano
el programa no responde|he is not responding to my texts|They are a better program|tiene sentido
no tiene sentido la lista|I can't breathe a word|he wants to dye his hair|Can I go on Friday?
Quiero seguir el tratamiento|Cortarme el pelo|Ya no puedo más con tantos mensajes|He can't take it with food
Gracias, ya no necesito nada|He is a danger to his job|she kicked the habit|He kicked the habit
He kicks the habit every spring|she beat cancer|he wakes me up at night|Please do not wake him, call after 9
I don't want to hurt him|amenaza con irse|me amenaza con dejarme|mejor sin mi esposo aqui
The bills are hurting us|Is there a knife-free kitchen?|He lost his job and hit the bottle
Se golpeo la rodilla|My hours: not before 9|he stopped using|the program is not waking people early
how do I end this pain|We had a gun, we sold it|He is in rehab after two months
He had an overdose when he was 17|Do they accept people who have overdosed in 2020?
He beats himself up about it|they hit us with a big bill|the clinic attacked me with fees
"""


def _lines(text: str) -> list[str]:
    return [one for line in text.strip().splitlines() for one in line.split("|")]


@pytest.mark.parametrize("text", _lines(EMERGENCY))
def test_a_life_in_danger_now_is_for_911(text: str) -> None:
    assert danger(text) is danger(text.upper()) is Danger.EMERGENCY


@pytest.mark.parametrize("text", _lines(SUICIDE))
def test_thoughts_of_suicide_are_for_988(text: str) -> None:
    assert danger(text) is Danger.SUICIDE


@pytest.mark.parametrize("text", _lines(ORDINARY))
def test_ordinary_sentences_do_not_ring(text: str) -> None:
    assert danger(text) is None


@pytest.mark.parametrize("name", ["EMERGENCY", "SUICIDE", "ORDINARY"])
def test_what_families_write_at_that_minute_is_known(name: str) -> None:
    kind, texts = getattr(Danger, name, None), _lines(getattr(danger_sentences, name))
    assert {text: found for text in texts if (found := danger(text)) is not kind} == {}


def test_a_word_that_may_mean_danger_is_known() -> None:
    assert may_be_danger("there is an empty bottle beside her") and not may_be_danger("Our phone changes next week")


PIECES = [
    "he took a bottle of his ", "no ", "overdose ", "last year ", "he says ", "x ", "he ", "a", "se tomo como ",
    "wont ", "he took like like ", "gave him narcan ", "esta muy todo ", "he is and so ", "on the roof ",
    "jumped off the the ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_text_is_read_in_a_moment(piece: str) -> None:
    def cost(letters: int) -> float:
        text, began = piece * (letters // len(piece)), process_time()
        danger(text)
        return process_time() - began

    short, long = (min(cost(letters) for _again in range(3)) for letters in (1000, 8000))
    assert long < short * 25  # eight times as long; by the square it were sixty-four times
