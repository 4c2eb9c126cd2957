"""Every fact that the guides must give is found in them, in both languages."""

from __future__ import annotations

import re

import pytest

from guides.content import documents, html
from guides.content.helplines import shipped
from tests.guides.shipped_content import KEYS, LANGUAGES, LEVELS, guide

# For each guide (English, Spanish), as patterns in lower case.
SAID: dict[str, list[tuple[str, str]]] = {
    "levels-of-care": [
        (r"terms are confusing", r"términos confusos"),
        (r"both structured treatment", r"son tratamientos estructurados"),
        (r"different needs, at different points of recovery", r"momentos distintos de la recuperación"),
        (r"neither is better", r"ninguno es mejor"),
        (r"makes the next step easier", r"más fácil el siguiente paso"),
    ],
    "residential": [
        (r"residential rehab.{1,12}inpatient rehab", r"rehabilitación residencial, internamiento"),
        (r"24-hour care from a team", r"atención de un equipo las 24 horas"),
        (r"weeks or months", r"semanas o meses"),
        (r"days follow a schedule", r"días siguen un horario"),
        (
            r"(?s)therapy.*group.*healthy meals.*exercise.*build new habits",
            r"(?s)terapia.*grupo.*comidas sanas.*ejercicio.*nuevos hábitos",
        ),
        (r"highly structured place", r"lugar muy estructurado"),
        (r"hard to manage alone", r"difíciles de manejar sin ayuda"),
        (r"close monitoring", r"vigilancia cercana"),
        (
            r"distance from daily stress, triggers, or an unsafe or unstable home",
            r"distancia del estrés diario, de los detonantes o de un hogar inseguro o inestable",
        ),
        (r"severe addiction, or a high risk of return to use", r"adicción grave o un alto riesgo de volver a consumir"),
        (r"stability and routine", r"estabilidad y rutina"),
        (r"immersion", r"dedicación completa"),
        (r"no distractions", r"no hay distracciones"),
        (r"medical staff and counselors day and night", r"personal médico y consejeros día y noche"),
        (r"addiction and mental health together", r"la adicción y la salud mental al mismo tiempo"),
        (r"a stronger foundation", r"una base más firme"),
        (
            r"costs more, as housing, food and round-the-clock care",
            r"cuesta más, porque incluye alojamiento, comida y atención a toda hora",
        ),
        (r"insurance may cover part", r"el seguro puede cubrir una parte"),
        (
            r"stepping away from work, school and family for a while",
            r"alejarse por un tiempo del trabajo, la escuela y la familia",
        ),
    ],
    "intensive-outpatient": [
        (r"a few hours a day, 3 to 5 days a week", r"unas horas al día, de 3 a 5 días por semana"),
        (r"keeps living at home", r"sigue viviendo en casa"),
        (r"skills for cravings", r"habilidades para manejar las ganas de consumir"),
        (r"(?s)group counseling.*individual counseling", r"(?s)consejería de grupo.*consejería individual"),
        (r"more structure than ordinary outpatient care", r"más estructura que la atención ambulatoria común"),
        (r"stable enough to live alone, or at home with support", r"estable para vivir solo, o en casa con apoyo"),
        (r"mild to moderate problem", r"de leve a moderado"),
        (r"steps down from a higher level", r"viene de un nivel más intensivo"),
        (
            r"must keep work, school or caring for family",
            r"debe seguir con el trabajo, la escuela o el cuidado de la familia",
        ),
        (r"safe and supportive", r"hogar seguro que le da apoyo"),
        (r"a flexible plan", r"flexibilidad"),
        (r"costs less .*no room and no meals", r"cuesta menos .*no se pagan alojamiento ni comidas"),
        (r"used the same day", r"se usan el mismo día"),
        (
            r"family can join sessions, which helps relationships heal",
            r"la familia puede participar en sesiones, y eso ayuda a sanar las relaciones",
        ),
        (r"group members support each other", r"los miembros del grupo se apoyan entre sí"),
    ],
    "choosing": [
        (r"how severe it is, and how safe things are now", r"la gravedad y la seguridad en este momento"),
        (r"able to manage daily responsibilities", r"cumplir con sus responsabilidades diarias"),
        (
            r"triggers, stress, violence or easy access to substances",
            r"detonantes, estrés, violencia o sustancias a la mano",
        ),
        (r"treatment before", r"tratamientos anteriores"),
        (r"freedom to step away", r"libertad de alejarse"),
        (r"budget and insurance", r"el presupuesto y el seguro"),
        (r"an iop may be enough when", r"un iop puede bastar cuando"),
        (r"severe or life-threatening", r"grave o pone en peligro la vida"),
        (r"residential is the safer choice", r"el residencial es más seguro"),
        (r"decisions are made together with professionals", r"las decisiones se toman junto con profesionales"),
        (r"fits where the person is now", r"se ajuste a lo que la persona vive ahora"),
    ],
    "stepping-down": [
        (
            r"not one-size-fits-all, and it is not a straight line",
            r"no es igual para todos y tampoco va en línea recta",
        ),
        (
            r"(?s)start in residential, step down to an iop, and go on with outpatient",
            r"empiezan en residencial, bajan a un iop y continúan con apoyo ambulatorio",
        ),
        (
            r"30 days in residential, then go to an iop to stay on track while returning to normal life",
            r"30 días en residencial y luego ir a un iop para mantener el rumbo mientras vuelve a su vida normal",
        ),
        (r"the combination often works best", r"la combinación suele ser lo que mejor funciona"),
        (
            r"each level builds stability, skills and confidence",
            r"cada nivel construye estabilidad, habilidades y confianza",
        ),
        (r"stepping up again is not failure", r"volver a subir de nivel no es un fracaso"),
    ],
    "first-step": [
        (r"the first call is the hardest part", r"la primera llamada es lo más difícil"),
        (r"handle it alone", r"pueden con todo sin ayuda"),
        (r"talk to a treatment program", r"hable con un programa de tratamiento"),
        (r"ask about both residential and iop", r"pregunte tanto por residencial como por iop"),
        (r"choose the one that meets the need", r"elija el que responda a la necesidad"),
        (r"what to ask on the phone", r"qué preguntar por teléfono"),
        (r"what they will ask you", r"qué le preguntarán"),
        (r"what to bring", r"qué llevar"),
    ],
    "close-to-home": [
        (r"pasadena and nearby cities", r"pasadena y ciudades cercanas"),
        (r"therapists who know recovery", r"terapeutas que conocen la recuperación"),
        (r"schedules for busy people", r"horarios para gente ocupada"),
        (r"care planned for the person", r"atención pensada para la persona"),
        (r"family and community", r"familia y comunidad"),
        (r"(?s)state license.*joint commission.*carf", r"(?s)licencia estatal.*joint commission.*carf"),
        (r"how to check a program", r"cómo comprobar un programa"),
    ],
    "families-and-friends": [
        (r"how to talk about it", r"cómo hablar del tema"),
        (r"(?s)what tends to help.*what tends not to help", r"(?s)lo que suele ayudar.*lo que no suele ayudar"),
        (r"looking after yourself", r"cuídese usted"),
        (r"when they do not want help", r"cuando no quiere ayuda"),
        (r"safety at home", r"seguridad en casa"),
        (r"family sessions", r"sesiones familiares"),
    ],
    "paying-for-care": [
        (r"what drives the cost", r"de qué depende el costo"),
        (r"medi-cal", r"medi-cal"),
        (r"sliding scale", r"escala móvil"),
        (r"questions to ask about money", r"preguntas sobre el dinero"),
        (r"cost changes the path, not the need", r"el costo cambia el camino, no la necesidad"),
    ],
    "get-help-now": [
        (r"call or text 988", r"llame al 988 y oprima 2, o envíe ayuda al 988"),
        (r"worried about someone else", r"se preocupa por alguien más"),
        (r"call 911", r"llame al 911"),
        (r"(?s)give naloxone.*second dose.*stay", r"(?s)dele naloxona.*segunda dosis.*quédese"),
        (
            r"alcohol and benzodiazepines.*stopping suddenly can cause seizures",
            r"alcohol y benzodiazepinas.*de golpe puede causar convulsiones",
        ),
        (r"opioids in pregnancy:.? do not stop suddenly", r"opioides en el embarazo:.? no los deje de golpe"),
        (r"(?s)if it is you.*if you are with someone", r"(?s)si se trata de usted.*si está con alguien"),
    ],
}


@pytest.mark.parametrize(("key", "english", "spanish"), [(key, *pair) for key, pairs in SAID.items() for pair in pairs])
def test_what_must_be_said_is_said_in_both_languages(key: str, english: str, spanish: str) -> None:
    for language, phrase in (("en", english), ("es", spanish)):
        blocks = guide(key)[language]["blocks"]
        lines = [shipped(language)[name].how for block in blocks for name in block.get("lines", ())]
        text = "\n".join([documents.text(guide(key)[language]), *lines]).replace("’", "'").lower()
        assert re.search(phrase, text), (language, phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_page_gives_every_number(language: str) -> None:
    [block] = [block for block in guide("get-help-now")[language]["blocks"] if block["type"] == "helplines"]
    rows = [shipped(language)[key] for key in block["lines"]]
    assert {row.number: (row.tel, row.sms, row.word) for row in rows} == {
        "988": ("988", "988", ""),
        "911": ("911", "", ""),
        "1-800-222-1222": ("+18002221222", "", ""),
        "1-800-662-4357": ("+18006624357", "", ""),
        "1-800-799-7233": ("+18007997233", "88788", "START"),
    }


def test_key_differences_compare_residential_iop_then_all_levels() -> None:
    shown = [block for block in guide("key-differences")["en"]["blocks"] if block["type"] == "comparison"]
    assert shown[0]["levels"] == ["residential", "iop"]
    assert set(shown[0]["aspects"]) == {"living", "time", "structure", "cost", "support", "daily_life", "best_for"}
    assert (shown[1]["levels"], shown[1]["aspects"]) == (LEVELS, "all")


# What a heading says of its list, and the kinds whose mark says the same: a check beside it would be advice to do it.
WARNS = (
    (r"not to help|no suele ayudar", {"avoid"}),
    (r"^signs|^señales|step up when|subir de nivel cuando", {"signs"}),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_check_marks_what_does_not_help_or_is_a_danger(language: str) -> None:
    lists = [block for key in KEYS for block in guide(key)[language]["blocks"] if "items" in block]
    checked = [
        block["heading"]
        for block in lists
        for pattern, kinds in WARNS
        if re.search(pattern, block["heading"].lower()) and block["type"] not in kinds
    ]
    assert checked == [] and {"avoid", "signs", "fits"} <= {block["type"] for block in lists}


@pytest.mark.parametrize("slug", LEVELS)
def test_a_level_guide_says_who_it_fits_what_it_gives_and_what_it_asks(slug: str) -> None:
    [document] = [guide(key)["en"] for key in KEYS if guide(key)["level"] == slug]
    kinds = [block["type"] for block in document["blocks"]]
    assert {"fits", "comparison", "questions"} <= set(kinds)
    [fits] = [block for block in document["blocks"] if block["type"] == "fits"]
    assert len(fits["items"]) == 6
    text = documents.text(document)
    assert "What it can offer" in text
    assert "What it takes" in text
    [table] = [block for block in document["blocks"] if block["type"] == "comparison"]
    assert slug in table["levels"]
    assert table["aspects"] == "all"


@pytest.mark.parametrize(
    ("key", "to"),
    [
        ("choosing", "assessment"),
        ("close-to-home", "directory"),
        ("first-step", "help"),
        ("levels-of-care", "assessment"),
    ],
)
def test_a_guide_ends_where_its_reader_goes_next(key: str, to: str) -> None:
    assert guide(key)["en"]["blocks"][-1]["to"] == to


def test_every_spanish_988_says_how_to_reach_it_in_spanish() -> None:
    pieces = [
        html.plain(value) if cell.kind != "text" else value
        for key in KEYS
        for block in guide(key)["es"]["blocks"]
        for cell, value in documents.cells(block)
        if value and cell.kind in documents.PROSE_KINDS
    ]
    told = [piece for piece in pieces if re.search(r"(?i)(llam|env[ií]|mand|atiende)[^.]*988|988[^.]*atiende", piece)]
    assert len(told) >= 7
    assert [piece for piece in told if not re.search(r"oprim\w+ 2|AYUDA", piece)] == []
