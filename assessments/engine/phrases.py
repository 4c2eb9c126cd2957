"""The engine's own sentences, in both languages. What families answer and read of a rule comes from the definition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assessments.engine.definition import Language

PHRASES: dict[str, tuple[str, str]] = {
    # Faults of a document
    "object": ("This must be an object.", "Esto debe ser un objeto."),
    "missing": ("“{name}” is missing.", "Falta “{name}”."),
    "unknown-field": ("This field is not known; remove it.", "Este campo no se conoce; quítelo."),
    "list": ("This must be a list.", "Esto debe ser una lista."),
    "too-few": ("This needs at least {least}.", "Esto necesita al menos {least}."),
    "flag": ("This must be true or false.", "Esto debe ser true o false."),
    "not-text": ("This must be text.", "Esto debe ser texto."),
    "bad-key": (
        "A key has small letters and digits, joined by - or _, at most 64 in all.",
        "Una clave tiene letras minúsculas y dígitos, unidos por - o _, 64 en total como máximo.",
    ),
    "reserved-key": (
        "“not_sure” is always an answer; give the choice another key.",
        "“not_sure” siempre es una respuesta; dé otra clave a la opción.",
    ),
    "one-of": ("This must be one of: {allowed}.", "Esto debe ser uno de: {allowed}."),
    "rating-range": (
        "This must be a whole number from {least} to {most}.",
        "Esto debe ser un número entero de {least} a {most}.",
    ),
    "nested": (
        "This condition is nested too deeply; make it simpler.",
        "Esta condición está anidada demasiado; simplifíquela.",
    ),
    "condition": (
        "A condition is one of: all, any, not, in [question, choices], rating [dimension, 1–4].",
        "Una condición es una de: all, any, not, in [pregunta, opciones], rating [dimensión, 1–4].",
    ),
    "twice": ("The key “{key}” is used twice.", "La clave “{key}” se usa dos veces."),
    "rule-twice": ("Another rule has the key “{key}”.", "Otra regla tiene la clave “{key}”."),
    "no-level": ("There is no level “{key}”.", "No hay un nivel “{key}”."),
    "no-dimension": ("There is no dimension “{key}”.", "No hay una dimensión “{key}”."),
    "no-question": ("There is no question “{key}”.", "No hay una pregunta “{key}”."),
    "no-choice": (
        "The question “{question}” has no choice “{key}”.",
        "La pregunta “{question}” no tiene la opción “{key}”.",
    ),
    "passage": (
        "“{passage}” is no passage of words that follow an answer. Write it as in “{{question: choice = words | * = "
        "other words}}”, or leave out the braces.",
        "“{passage}” no es un pasaje de palabras que siguen a una respuesta. Escríbalo como en “{{pregunta: opción = "
        "palabras | * = otras palabras}}”, o quite las llaves.",
    ),
    "role-rates": (
        "A {role} question rates nothing; change its role.",
        "Una pregunta de tipo {role} no califica nada; cambie su tipo.",
    ),
    "role-favours": (
        "Only a preference favours levels; change the role.",
        "Solo una preferencia favorece niveles; cambie el tipo.",
    ),
    "helps-before": (
        "“{key}” must be the question directly before this one, and no helper itself.",
        "“{key}” debe ser la pregunta justo antes de esta, y no una pregunta de ayuda.",
    ),
    "helps-plain": (
        "A helper takes one answer, is a fact, and has no condition of its own.",
        "Una pregunta de ayuda tiene una sola respuesta, es un dato y no tiene condición propia.",
    ),
    "means-nothing": (
        "Only a helper says what an answer leaves possible.",
        "Solo una pregunta de ayuda dice qué deja posible una respuesta.",
    ),
    "means-twice": ("An answer is named twice.", "Una respuesta se nombra dos veces."),
    "names-helper": (
        "“{key}” is a helper: name the question that it helps instead.",
        "“{key}” es una pregunta de ayuda: nombre la pregunta a la que ayuda.",
    ),
    "favours-twice": ("A level is named twice.", "Un nivel se nombra dos veces."),
    # Faults of answers
    "answers-object": (
        "Answers must be an object of question keys and answers.",
        "Las respuestas deben ser un objeto de claves de preguntas y respuestas.",
    ),
    "unknown-question": ("There is no question with this key.", "No hay una pregunta con esta clave."),
    "hidden-answer": (
        "This question is not asked after the answers before it.",
        "Esta pregunta no se hace después de las respuestas anteriores.",
    ),
    "answer-one": ("The answer must be the key of one choice.", "La respuesta debe ser la clave de una opción."),
    "answer-many": (
        "The answer must be a list of choice keys; an empty list means none of these.",
        "La respuesta debe ser una lista de claves de opciones; una lista vacía significa ninguna de estas.",
    ),
    "answer-choice": ("There is no choice “{key}” here.", "Aquí no hay una opción “{key}”."),
    "answer-twice": ("A choice is given twice.", "Una opción se da dos veces."),
    # Conditions read aloud
    "and": ("and", "y"),
    "or": ("or", "o"),
    "not": ("it is not so that {condition}", "no se cumple que {condition}"),
    "in": ("“{question}” is answered with {choices}", "“{question}” se responde con {choices}"),
    "rating": ("{dimension} is at least {degree}", "{dimension} es al menos {degree}"),
    "degree-1": ("mild (1)", "leve (1)"),
    "degree-2": ("moderate (2)", "moderado (2)"),
    "degree-3": ("severe (3)", "grave (3)"),
    "degree-4": ("very severe (4)", "muy grave (4)"),
    "always": ("always", "siempre"),
    # What changed between two versions
    "added": ("New {part}: {name}.", "Nuevo en {part}: {name}."),
    "removed": ("Removed {part}: {name}.", "Quitado de {part}: {name}."),
    "moved": ("{name} moved from {before} to {after}.", "{name} pasó del lugar {before} al {after}."),
    "changed": (
        "{name}: {aspect} is now {after}; before, it was {before}.",
        "{name}: {aspect} ahora es {after}; antes era {before}.",
    ),
    "choice-of": ("{name}, an answer to {question}", "{name}, una respuesta a {question}"),
    "yes": ("yes", "sí"),
    "part-title": ("title", "título"),
    "part-levels": ("levels", "niveles"),
    "part-dimensions": ("dimensions", "dimensiones"),
    "part-questions": ("questions", "preguntas"),
    "part-choices": ("choices", "opciones"),
    "part-floors": ("floor rules", "reglas de nivel"),
    "part-safety": ("safety rules", "reglas de seguridad"),
    "part-notes": ("notes", "notas"),
    "aspect-kind": ("the kind", "la clase"),
    "aspect-role": ("the role", "el tipo"),
    "aspect-level": ("the level", "el nivel"),
    "aspect-urgency": ("the urgency", "la urgencia"),
    "aspect-helpline": ("the line to reach first", "la línea que va primero"),
    "aspect-source": ("the source", "la fuente"),
    "aspect-helps": ("the question that it helps", "la pregunta a la que ayuda"),
    "aspect-means": ("what it leaves possible", "lo que deja posible"),
    "aspect-first": ("only the first step", "solo el primer paso"),
    "aspect-rates": ("the rating", "la calificación"),
    "aspect-favours": ("what it favours", "lo que favorece"),
    "aspect-shows_when": ("when it shows", "cuándo aparece"),
    "aspect-when": ("the condition", "la condición"),
    "tongue-en": ("English", "inglés"),
    "tongue-es": ("Spanish", "español"),
    "voice-me": ("to the person", "a la persona"),
    "voice-loved": ("to someone who loves them", "a un ser querido"),
    "aspect-text": ("the text ({tongue}, {voice})", "el texto ({tongue}, {voice})"),
    "aspect-name": ("the name ({tongue}, {voice})", "el nombre ({tongue}, {voice})"),
    "aspect-help": ("the help text ({tongue}, {voice})", "el texto de ayuda ({tongue}, {voice})"),
    "aspect-ask": (
        "who can answer it, and how ({tongue}, {voice})",
        "quién puede contestarla, y cómo ({tongue}, {voice})",
    ),
    "aspect-sign": ("what is seen ({tongue}, {voice})", "lo que se ve ({tongue}, {voice})"),
    "aspect-reason": ("the reason ({tongue}, {voice})", "la razón ({tongue}, {voice})"),
    "nothing": ("nothing", "nada"),
    # What a result tells
    "not-sure": ("“Not sure”", "“No sé”"),
    "because": ("You answered {answer} to “{question}”.", "Contestó {answer} a “{question}”."),
    "sign": ("The answer to “{question}” is {answer}.", "La respuesta a “{question}” es {answer}."),
    "sign-and": ("{one}, and {other}", "{one}, y {other}"),
    "by-own": ("Based on your answers", "Según sus respuestas"),
    "by-another": ("Based on the answers", "Según las respuestas"),
    "fits-me": (
        "{by}, this level may fit: {low}.",
        "{by}, este nivel le puede servir: {low}.",
    ),
    "fits-loved": (
        "{by}, this level may fit them: {low}.",
        "{by}, este nivel le puede servir a su ser querido: {low}.",
    ),
    "fits-least-me": (
        "{by}, at least this level may fit: {low}.",
        "{by}, le puede servir por lo menos este nivel: {low}.",
    ),
    "fits-least-loved": (
        "{by}, at least this level may fit them: {low}.",
        "{by}, a su ser querido le puede servir por lo menos este nivel: {low}.",
    ),
    "fits-first-me": (
        "{by}, two steps may fit: first {first} for some days, then {low}.",
        "{by}, le pueden servir dos pasos: primero {first} por unos días, y después {low}.",
    ),
    "fits-first-loved": (
        "{by}, two steps may fit them: first {first} for some days, then {low}.",
        "{by}, a su ser querido le pueden servir dos pasos: primero {first} por unos días, y después {low}.",
    ),
    "fits-first-least-me": (
        "{by}, two steps may fit: first {first} for some days, then at least {low}.",
        "{by}, le pueden servir dos pasos: primero {first} por unos días, y después, por lo menos, {low}.",
    ),
    "fits-first-least-loved": (
        "{by}, two steps may fit them: first {first} for some days, then at least {low}.",
        "{by}, a su ser querido le pueden servir dos pasos: primero {first} por unos días, y "
        "después, por lo menos, {low}.",
    ),
    "fits-range-me": (
        "{by}, a level between {low} and {high} may fit.",
        "{by}, le puede servir un nivel entre {low} y {high}.",
    ),
    "fits-range-loved": (
        "{by}, a level between {low} and {high} may fit them.",
        "{by}, a su ser querido le puede servir un nivel entre {low} y {high}.",
    ),
    "first": (
        "Care begins with this: {level}. The rest comes after it.",
        "La atención empieza con esto: {level}. Lo demás viene después.",
    ),
    "first-open": (
        "Before the rest, find out if some days of this are needed: {level}.",
        "Antes de lo demás, averigüe si hacen falta unos días de esto: {level}.",
    ),
    "sure": (
        "You gave a clear answer to every question. A health professional decides with you.",
        "Contestó claramente todas las preguntas. La decisión la toman usted y un profesional de la salud.",
    ),
    "unsure-settled": (
        "You answered “Not sure” to some questions, but that does not change the result. A health professional decides "
        "with you.",
        "Contestó “No sé” a algunas preguntas, pero eso no cambia el resultado. La decisión la toman usted y un "
        "profesional de la salud.",
    ),
    "unsure-at-least": (
        "You answered “Not sure” to some questions. This level is what your other answers show. More care may be "
        "needed: that depends on what is still open. A health professional decides with you.",
        "Contestó “No sé” a algunas preguntas. Este nivel es lo que muestran sus otras respuestas. Puede hacer falta "
        "más atención: depende de lo que aún no se sabe. La decisión la toman usted y un profesional de la salud.",
    ),
    "unsure-open": (
        "You answered “Not sure” to questions that matter most, so we cannot name a level yet. A health professional "
        "decides with you.",
        "Contestó “No sé” a las preguntas que más importan, así que todavía no podemos decir un nivel. La decisión la "
        "toman usted y un profesional de la salud.",
    ),
    "change": (
        "the answer to “{question}” were {after} instead of {before}",
        "la respuesta a “{question}” fuera {after} en vez de {before}",
    ),
    "change-new": ("the answer to “{question}” were {after}", "la respuesta a “{question}” fuera {after}"),
    "changes": ("The result would be {level} if {changes}.", "El resultado sería {level} si {changes}."),
    # What a failed proof tells
    "references_backward": (
        "“{where}” is shown or hidden by “{subject}”, which is not asked before it. Move “{subject}” up, or change "
        "when “{where}” shows.",
        "“{where}” depende de “{subject}”, que no se pregunta antes. Suba “{subject}”, o cambie cuándo aparece "
        "“{where}”.",
    ),
    "helper-nothing": (
        "Answer {at}, {answer}: check under “leaves possible” which answers to “{helped}” may still be true after it. "
        "For example: {example}.",
        "Respuesta {at}, {answer}: marque en “deja posible” qué respuestas a “{helped}” todavía pueden ser ciertas. "
        "Por ejemplo: {example}.",
    ),
    "helper-gap": (
        "Answer {at}, {answer}: what is checked under “leaves possible” skips an answer to “{helped}”. Check those in "
        "between, too. For example: {example}.",
        "Respuesta {at}, {answer}: lo marcado en “deja posible” se salta una respuesta a “{helped}”. Marque también "
        "las de en medio. Por ejemplo: {example}.",
    ),
    "helper-milder": (
        "Answer {at}, {answer}, stands below answer {last}, {before}, so it may not leave milder answers to “{helped}” "
        "possible. Check instead, for example: {example}. Or move it up with the arrow.",
        "La respuesta {at}, {answer}, está debajo de la respuesta {last}, {before}, así que no puede dejar posibles "
        "respuestas menos graves a “{helped}”. Marque, por ejemplo: {example}. O súbala con la flecha.",
    ),
    "helper-many": (
        "Answer {at}, {answer}, stands below answer {last}, {before}, so it must leave possible all that that one "
        "leaves of “{helped}”. Check, for example: {example}. Or move it up with the arrow.",
        "La respuesta {at}, {answer}, está debajo de la respuesta {last}, {before}, así que debe dejar posible todo lo "
        "que aquella deja de “{helped}”. Marque, por ejemplo: {example}. O súbala con la flecha.",
    ),
    "helper-left-out": (
        "No answer here leaves {answer} to “{helped}” possible. Check it under “leaves possible” where it may be true, "
        "for example at answer {at}, {last}.",
        "Ninguna respuesta de aquí deja posible {answer} a “{helped}”. Márquela en “deja posible” donde pueda ser "
        "cierta, por ejemplo en la respuesta {at}, {last}.",
    ),
    "texts_complete": (
        "A text is empty: {where}. Write it in both languages, for the person and for someone who loves them.",
        "Un texto está vacío: {where}. Escríbalo en los dos idiomas, para la persona y para quien la quiere.",
    ),
    "questions_reachable": (
        "No answers ever bring up “{where}”. Change when it shows, or remove it.",
        "Ninguna respuesta hace aparecer “{where}”. Cambie cuándo aparece, o quítela.",
    ),
    "rules_reachable": (
        "No answers ever make the rule “{subject}” fire. Change its condition, or remove it.",
        "Ninguna respuesta activa la regla “{subject}”. Cambie su condición, o quítela.",
    ),
    "levels_reachable": (
        "No answers ever lead to the level “{subject}”. Add a rule for it, or look at the rules above it.",
        "Ninguna respuesta lleva al nivel “{subject}”. Agregue una regla para él, o revise las reglas superiores.",
    ),
    "always_a_result": ("No question is ever asked.", "Nunca se hace ninguna pregunta."),
    "worse_never_lower": (
        "{given}, the level is {before}. But if the answer to “{question}” is worse, {worse} instead of "
        "{better}{path}, the level falls to {after}.",
        "{given}, el nivel es {before}. Pero si la respuesta a “{question}” es peor, {worse} en vez de "
        "{better}{path}, el nivel baja a {after}.",
    ),
    "out-of-order": (
        "Answer {at} to “{question}”, {worse}, is milder than answer {last}, {better}: move it up with the arrow, "
        "above answer {place}.",
        "La respuesta {at} a “{question}”, {worse}, es menos grave que la respuesta {last}, {better}: súbala con la "
        "flecha, arriba de la respuesta {place}.",
    ),
    "then_never_lower": (
        "{given}, the level after the first step is {before}. But if the answer to “{question}” is worse, {worse} "
        "instead of {better}{path}, it falls to {after}.",
        "{given}, el nivel después del primer paso es {before}. Pero si la respuesta a “{question}” es peor, {worse} "
        "en vez de {better}{path}, baja a {after}.",
    ),
    "preferences_neutral": (
        "{given}, the level is {before}. But with {worse} instead of {better} for the preference “{question}”{path}, "
        "the level is {after}. A preference may not change it.",
        "{given}, el nivel es {before}. Pero con {worse} en vez de {better} en la preferencia “{question}”{path}, "
        "el nivel es {after}. Una preferencia no puede cambiarlo.",
    ),
    "safety_reached": (
        "{given}, no safety rule fires after {better} to “{question}”. Add a safety rule for it.",
        "{given}, ninguna regla de seguridad se activa después de {better} en “{question}”. Agregue una regla de "
        "seguridad para ello.",
    ),
    "safety_kept": (
        "{given}, {before}. But if the answer to “{question}” is worse, {worse} instead of {better}{path}, {after}.",
        "{given}, {before}. Pero si la respuesta a “{question}” es peor, {worse} en vez de {better}{path}, {after}.",
    ),
    "urgency-": ("no crisis page is shown", "no se muestra la página de crisis"),
    "urgency-prompt": (
        "the crisis page says to get medical advice today",
        "la página de crisis dice que se busque consejo médico hoy",
    ),
    "urgency-crisis": ("the crisis page says to reach 988", "la página de crisis dice que se llame al 988"),
    "urgency-emergency": ("the crisis page says to call 911", "la página de crisis dice que se llame al 911"),
    "given-all-least": (
        "If someone gives the least severe answer to everything",
        "Si alguien da la respuesta menos grave a todo",
    ),
    "given": (
        "If someone answers {answers}, and the least severe answer to everything else",
        "Si alguien responde {answers}, y la respuesta menos grave a todo lo demás",
    ),
    "answer-to": ("{answer} to “{question}”", "{answer} a “{question}”"),
    "answer-before": ("{answer} to “{question}” in the old version", "{answer} a “{question}” en la versión anterior"),
    "moved-level": (
        "{given}, the level is {after} in the new version. It is {before} in the old one.",
        "{given}, el nivel es {after} en la versión nueva. Es {before} en la anterior.",
    ),
    "moved-warning": (
        "{given}, {after} in the new version. In the old one, {before}.",
        "{given}, {after} en la versión nueva. En la anterior, {before}.",
    ),
    "none-of-these": ("“None of these”", "“Ninguna de estas”"),
    "path": (", which {changes}", ", lo que {changes}"),
    "no-longer-asked": ("hides {questions}", "oculta {questions}"),
    "newly-asked": (
        "brings up {questions} (answered with {answers})",
        "hace aparecer {questions} (con la respuesta {answers})",
    ),
    "too-large": (
        "This questionnaire is too large to prove: too many answers act together. Nothing is known about it, so it "
        "cannot be published. Let rules look at fewer dimensions together, or fewer questions depend on one another.",
        "Este cuestionario es demasiado grande para probarlo: demasiadas respuestas actúan juntas. No se sabe nada de "
        "él, así que no se puede publicar. Haga que las reglas miren menos dimensiones a la vez, o que menos "
        "preguntas dependan unas de otras.",
    ),
}


def phrase(key: str, language: Language = "en", /, **values: object) -> str:
    """A sentence of the engine with its values put in. KeyError for a phrase that is not there."""
    return PHRASES[key][language == "es"].format(**values)


def listed(parts: Sequence[str], language: Language, joint: Literal["and", "or"] = "and") -> str:
    """The parts as a list in words: a, b and c."""
    if len(parts) < 2:
        return "".join(parts)
    last = parts[-1]
    sound = last.lower().lstrip("“¿¡")
    if language == "en":
        word: str = joint
    elif joint == "and":
        word = "e" if sound.startswith(("i", "hi", "í")) else "y"
    else:
        word = "u" if sound.startswith(("o", "ho", "ó")) else "o"
    return f"{', '.join(parts[:-1])} {word} {last}"
