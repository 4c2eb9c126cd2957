"""The editor's pages, asked for as a browser without JavaScript does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.editor import drafts, editing
from assessments.editor.admin import frame
from assessments.editor.review import Review
from assessments.engine.document import parse, sha256
from assessments.models import Draft, FloorRule, KeptDraft, Question, Questionnaire, Response
from tests.assessments.conftest import hiding_document

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def address(name: str, *args: object) -> str:
    return reverse(f"admin:assessments_questionnaire_{name}", args=args)


def fields(page: Any) -> dict[str, Any]:
    """What a browser would post from the page's form, as it stands."""
    html = page.content.decode()
    posted: dict[str, Any] = {}
    form = html[html.index('class="part-form"') : html.rindex("</form>")]
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind = _attribute(tag, "name"), _attribute(tag, "type") or "text"
        value = unescape(_attribute(tag, "value") or "") or (
            "on" if kind == "checkbox" and " value=" not in tag else ""
        )
        if name and (kind not in ("checkbox", "radio") or " checked" in tag):
            posted.setdefault(name, []).append(value)
    for attributes, inside in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", form, re.S):
        posted[str(_attribute(attributes, "name"))] = unescape(inside.removeprefix("\r\n").removeprefix("\n"))
    for attributes, inside in re.findall(r"<select([^>]*)>(.*?)</select>", form, re.S):
        chosen = re.search(r'value="([^"]*)"[^>]* selected', inside) or re.search(r'value="([^"]*)"', inside)
        posted[str(_attribute(attributes, "name"))] = chosen.group(1) if chosen else ""
    posted.pop("csrfmiddlewaretoken", None)
    return posted


def _attribute(tag: str, name: str) -> str | None:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found.group(1) if found else None


def part(draft: Draft, section: str, row: Any) -> str:
    return address("part", draft.questionnaire.pk, section, row.pk)


def test_every_page_of_the_editor_opens(publisher: Client, draft: Draft, questionnaire: Questionnaire) -> None:
    pages = [
        address("changelist"),
        address("add"),
        *(
            address(name, questionnaire.pk)
            for name in ("change", "title", "try", "publish", "versions", "compare", "counts", "clone", "history")
        ),
        address("version", questionnaire.pk, 1),
        address("json", questionnaire.pk, 1),
        *(address("add_part", questionnaire.pk, section) for section in drafts.MODELS),
        part(draft, "questions", draft.questions.last()),
        part(draft, "floors", draft.floorrules.last()),
        part(draft, "safety", draft.safetyrules.last()),
        part(draft, "dimensions", draft.dimensions.last()),
    ]
    for page in pages:
        answer = publisher.get(page)
        assert answer.status_code == 200, page
        if "html" in answer["Content-Type"]:
            assert not re.search(r"\sstyle=|\son[a-z]+=", answer.content.decode()), page
    for page in pages[3:]:
        assert publisher.get(page.replace("/admin/", "/es/admin/")).status_code == 200, page


def test_saving_what_is_shown_changes_nothing(publisher: Client, draft: Draft) -> None:
    before = drafts.document(draft)
    rows: list[tuple[str, Any]] = [("questions", row) for row in draft.questions.all()]
    rows += [("floors", row) for row in draft.floorrules.all()] + [("safety", draft.safetyrules.get())]
    for section, row in rows:
        page = part(draft, section, row)
        answer = publisher.post(page, {**fields(publisher.get(page)), "op": "save"})
        assert answer.status_code == 302, (section, row)
    assert drafts.document(Draft.objects.get()) == before


@pytest.fixture
def shipped_draft(shipped: None, now: datetime) -> Draft:
    return editing.draft_of(Questionnaire.objects.get(key="level-of-care"), now=now)


# Each of some 90 parts is opened and saved, which takes seconds: a box that is missing on one page loses its text.
@pytest.mark.any_database
def test_every_shipped_part_saved_unchanged_says_the_same(
    publisher: Client, shipped_draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is proved does not change what is saved.
    monkeypatch.setattr(frame, "review", lambda *_: Review(None, None, ()))
    before = drafts.document(shipped_draft)
    for section, row in every_part(shipped_draft):
        page = part(shipped_draft, section, row)
        assert publisher.post(page, {**fields(publisher.get(page)), "op": "save"}).status_code == 302, page
    title = address("title", shipped_draft.questionnaire.pk)
    assert publisher.post(title, fields(publisher.get(title))).status_code == 302
    after = drafts.document(Draft.objects.get())
    for section in before:
        assert after[section] == before[section]
    assert drafts.written(after) == drafts.written(before)


def test_lists_and_headings_show_no_passage_as_code(publisher: Client, shipped_draft: Draft) -> None:
    passage = re.compile(r"\{[a-z-]+: ")
    pages = [address("change", shipped_draft.questionnaire.pk)]
    named = [row for section, row in every_part(shipped_draft) if section != "dimensions"]
    rows = [
        next(row for row in named if passage.search(row.written_words()) and isinstance(row, kind))
        for kind in (Question, FloorRule)
    ]
    sections = {Question: "questions", FloorRule: "floors"}
    pages += [part(shipped_draft, sections[type(row)], row) for row in rows]
    for page in pages:
        html = publisher.get(page).content.decode()
        shown = re.sub(r"<(textarea)[^>]*>.*?</\1>", "", html, flags=re.S) if page != pages[0] else html
        assert not passage.search(shown), page
        assert page != pages[0] or "words follow an answer" in shown


def test_answers_are_added_before_conditions_and_named_apart(publisher: Client, draft: Draft) -> None:
    html = publisher.get(part(draft, "questions", draft.questions.last())).content.decode()
    named = ["+ Add an answer", "+ Condition: an answer", "+ Condition: a rating", "+ Group of conditions"]
    places = [html.index(words) for words in named]
    assert places == sorted(places) and "+ An answer" not in html


def every_part(draft: Draft) -> list[tuple[str, Any]]:
    return [
        (section, row) for section, model in drafts.MODELS.items() for row in model._default_manager.filter(draft=draft)
    ]


def test_a_question_is_added_with_answers_ratings_and_a_condition(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    add = address("add_part", questionnaire.pk, "questions")
    words = {
        "en_me": "How do you sleep?",
        "en_loved": "How do they sleep?",
        "es_me": "¿Duerme?",
        "es_loved": "¿Duerme?",
    }
    answer = publisher.post(add, {**fields(publisher.get(add)), **words, "op": "add-choice"})
    assert 'data-focus="id_choice-2-en_me"' in answer.content.decode()
    assert not Question.objects.filter(en_me="How do you sleep?").exists()
    answer = publisher.post(add, {**fields(answer), "op": "stay"})
    made = Question.objects.get(key="how-do-you-sleep")
    assert made.choices.count() == 3

    page = part(draft, "questions", made)
    answer = publisher.post(page, {**fields(publisher.get(page)), "op": "when/add-in/"})
    answer = publisher.post(page, {**fields(answer), "op": "stay"})
    assert "A line of the condition is not finished." in publisher.get(page).content.decode()
    chosen = {"when-question": "mood", "op": "stay/when-question"}
    answer = publisher.post(page, {**fields(publisher.get(page)), **chosen})
    assert 'data-focus="when-question"' in answer.content.decode()
    publisher.post(page, {**fields(answer), "op": "stay"})
    assert "no answer checked" in publisher.get(page).content.decode()
    posted = {**fields(answer), **fields(publisher.get(page)), "when-choices": ["low"], "op": "save"}
    for place, (words_of, rating) in enumerate([("Well", ""), ("Badly", "2"), ("Not at all", "3")]):
        posted |= {f"choice-{place}-{name}": words_of for name in ("en_me", "en_loved", "es_me", "es_loved")}
        posted |= {f"choice-{place}-rates-0": "d" if rating else "", f"choice-{place}-degree-0": rating}
    answer = publisher.post(page, posted)
    assert answer["Location"] == f"{address('change', questionnaire.pk)}#questions-part-{made.pk}"
    asked = parse(drafts.document(Draft.objects.get())).by_key["how-do-you-sleep"]
    assert [(choice.key, choice.rates) for choice in asked.choices] == [
        ("well", ()),
        ("badly", (("d", 2),)),
        ("not-at-all", (("d", 3),)),
    ]
    bench = publisher.get(address("change", questionnaire.pk)).content.decode()
    assert "Shows when “2. mood?” is answered with “low”." in bench
    assert "d: severe (3)" in bench


def test_a_helper_its_meanings_and_a_first_step_are_written_by_form(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    why = Question.objects.get(key="why")
    page = part(draft, "questions", why)
    asks = {f"ask_{name}": "Ask a friend." for name in ("en_me", "en_loved", "es_me", "es_loved")}
    posted: dict[str, Any] = {
        **fields(publisher.get(page)),
        **asks,
        "helps": "mood",
        "role": "context",
        "op": "when/remove/",
    }
    posted |= {f"choice-1-{name}": "" for name in ("rates-0", "degree-0")}
    publisher.post(page, {**fields(publisher.post(page, posted)), "op": "stay"})
    answer = publisher.get(page)
    means = {"choice-0-means": ["well", "low"], "choice-1-means": ["low", "very-low"]}
    assert answer.content.decode().count("Leaves possible") == 2
    posted = {**fields(answer), **means, "op": "save"}
    assert publisher.post(page, posted).status_code == 302
    rule = FloorRule.objects.get(key="much")
    page = part(draft, "floors", rule)
    publisher.post(page, {**fields(publisher.get(page)), "first": "on", "op": "save"})
    kept = drafts.document(Draft.objects.get())
    helper = kept["questions"][-1]
    assert (helper["helps"], helper["ask"]["en"]["me"], "shows_when" in helper) == ("mood", "Ask a friend.", False)
    assert [one["means"] for one in helper["choices"]] == [["well", "low"], ["low", "very-low"]]
    assert [rule.get("first") for rule in kept["floors"]] == [None, True]
    assert parse(kept).helper_of["mood"].key == "why"
    bench = publisher.get(address("change", questionnaire.pk)).content.decode()
    assert "Shows after “Not sure” to" in bench and "leaves possible: “low” or “very-low”" in bench
    publisher.post(page, {**fields(publisher.get(page)), "op": "save"})
    assert drafts.document(Draft.objects.get()) == kept


def test_the_order_changes_by_buttons_and_the_keyboard_stays(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    row = Question.objects.get(key="mood")
    answer = publisher.post(address("move", questionnaire.pk), {"part": f"questions:{row.pk}", "to": "0/up"})
    assert answer["Location"].endswith(f"#questions-up-{row.pk}")
    assert list(draft.questions.values_list("key", flat=True)) == ["mood", "safe", "why"]


def test_the_order_of_answers_changes_by_buttons(publisher: Client, draft: Draft) -> None:
    row = Question.objects.get(key="mood")
    page = part(draft, "questions", row)
    answer = publisher.post(page, {**fields(publisher.get(page)), "choice-2-en_me": "Typed", "op": "up/2"})
    assert 'data-focus="up-1"' in answer.content.decode()
    # Without script, too, the page comes back at the answer that moves.
    assert 'formaction="#up-1"' in answer.content.decode() and 'formaction="#down-1"' in answer.content.decode()
    saved = publisher.post(page, {**fields(answer), "op": "save"}, follow=True)
    assert "the errors are at the top" in saved.content.decode() and "#" not in saved.redirect_chain[-1][0]
    assert row.choices.get(key="very-low").en_me == "Typed"
    assert list(row.choices.values_list("key", flat=True)) == ["well", "very-low", "low"]


@pytest.mark.parametrize(
    "button",
    [
        "add-choice",
        "remove-choice/0",
        "down/0",
        "when/add-in/",
        "when/add-rating/",
        "when/remove/",
        "stay/when-question",
    ],
)
def test_only_save_writes_to_the_draft(publisher: Client, draft: Draft, button: str) -> None:
    before = drafts.document(draft)
    page = part(draft, "questions", Question.objects.get(key="why"))
    answer = publisher.post(page, {**fields(publisher.get(page)), "en_me": "Typed?", "op": button})
    assert answer.status_code == 200
    assert "Not saved yet." in answer.content.decode() and "Typed?" in answer.content.decode()
    assert "errornote" not in answer.content.decode()
    assert drafts.document(Draft.objects.get()) == before


def test_an_empty_answer_is_named_as_the_page_names_it(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    answer = publisher.post(page, {**fields(publisher.get(page)), "op": "add-choice"})
    publisher.post(page, {**fields(answer), "choice-1-es_me": "", "op": "save"})
    bench = publisher.get(address("change", questionnaire.pk)).content.decode()
    assert "</a>: Answer 4: nothing is written yet.</p>" in bench
    assert "</a>: Answer 2: nothing is written in “Spanish, to the person”.</p>" in bench
    assert "choices" not in re.sub("<[^>]*>", "", bench)


def test_a_question_that_asks_ahead_is_told_beside_it(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    row = Question.objects.get(key="why")
    publisher.post(address("move", questionnaire.pk), {"part": f"questions:{row.pk}", "to": "0/up"})
    page = publisher.get(address("change", questionnaire.pk))
    item = next(item for item in page.context["sheet"].sections[0].items if item.key == "why")
    assert any("which is not asked before it" in trouble for trouble in item.troubles)
    es = publisher.get(address("change", questionnaire.pk).replace("/admin/", "/es/admin/"))
    assert "que no se pregunta antes" in es.content.decode()


def test_a_wrong_key_keeps_what_was_typed(publisher: Client, draft: Draft) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    posted = {**fields(publisher.get(page)), "en_me": "Typed for long", "key": "why", "op": "save"}
    answer = publisher.post(page, posted)
    assert answer.status_code == 400
    assert "Another one has this key" in answer.content.decode()
    assert "Typed for long" in answer.content.decode()
    assert Question.objects.get(key="mood").en_me == "mood?"


def test_a_rating_without_its_degree_says_so(publisher: Client, draft: Draft) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    answer = publisher.post(page, {**fields(publisher.get(page)), "choice-0-rates-0": "d", "op": "save"})
    assert answer.status_code == 400
    assert "Say how much this answer rates it." in answer.content.decode()


def test_an_editor_writes_what_is_seen_where_an_answer_is_given(publisher: Client, draft: Draft) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    names = ("en_me", "en_loved", "es_me", "es_loved")
    signs = {f"choice-0-sign_{name}": f"Seen in {name}." for name in names}
    assert publisher.post(page, {**fields(publisher.get(page)), **signs, "op": "stay"}).status_code == 302
    (first, *_others) = drafts.document(draft)["questions"][1]["choices"]
    assert first["sign"]["es"] == {"me": "Seen in es_me.", "loved": "Seen in es_loved."}
    assert all(f">\nSeen in {name}.<" in publisher.get(page).content.decode() for name in names)
    publisher.post(page, {**fields(publisher.get(page)), **dict.fromkeys(signs, ""), "op": "stay"})
    assert "sign" not in drafts.document(draft)["questions"][1]["choices"][0]


def test_what_somebody_else_saved_is_not_overwritten_unseen(publisher: Client, draft: Draft) -> None:
    rule = FloorRule.objects.get(key="much")
    page = part(draft, "floors", rule)
    opened = fields(publisher.get(page))
    publisher.post(page, {**opened, "en_me": "Theirs", "op": "save"})
    answer = publisher.post(page, {**opened, "en_me": "Mine", "op": "save"})
    assert "Someone else changed this" in answer.content.decode()
    assert FloorRule.objects.get(key="much").en_me == "Theirs"
    publisher.post(page, {**fields(answer), "op": "save"})
    assert FloorRule.objects.get(key="much").en_me == "Mine"


def test_both_texts_are_shown_when_somebody_else_saved(publisher: Client, draft: Draft) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    opened = fields(publisher.get(page))
    theirs = {
        **opened,
        "en_me": "Their words",
        "choice-1-en_me": "Their answer",
        "choice-1-degree-0": "1",
        "op": "save",
    }
    publisher.post(page, theirs)
    answer = publisher.post(page, {**opened, "en_me": "My words", "op": "save"})
    words = answer.content.decode()
    assert answer.status_code == 400 and fields(answer)["en_me"] == "My words"
    saved = words[words.index("What is saved now") : words.index("</dl>")]
    assert "Their words" in saved and "Their answer" in saved and "d 1" in saved


def test_a_title_that_somebody_else_saved_is_not_overwritten(publisher: Client, questionnaire: Questionnaire) -> None:
    page = address("title", questionnaire.pk)
    opened = fields(publisher.get(page))
    assert publisher.post(page, {**opened, "en_me": "Theirs"}).status_code == 302
    answer = publisher.post(page, {**opened, "en_me": "Mine"})
    words = answer.content.decode()
    assert answer.status_code == 409 and fields(answer)["en_me"] == "Mine"
    assert "Theirs" in words[words.index("What is saved now") : words.index("</dl>")]
    assert Draft.objects.get().en_me == "Theirs"
    assert publisher.post(page, fields(answer)).status_code == 302
    assert Draft.objects.get().en_me == "Mine"


def test_what_somebody_else_removed_keeps_what_was_typed(publisher: Client, draft: Draft) -> None:
    rule = FloorRule.objects.get(key="much")
    page = part(draft, "floors", rule)
    opened = fields(publisher.get(page))
    publisher.post(page, {**opened, "op": "delete"})
    answer = publisher.post(page, {**opened, "en_me": "Typed meanwhile", "op": "save"})
    words = answer.content.decode()
    assert answer.status_code == 409 and "Someone else removed this" in words
    assert fields(answer)["en_me"] == "Typed meanwhile"
    again = address("add_part", draft.questionnaire.pk, "floors")
    assert f'action="{again}"' in words
    publisher.post(again, {**fields(answer), "op": "save"})
    assert FloorRule.objects.get(key="much").en_me == "Typed meanwhile"


def test_a_part_that_somebody_else_changed_is_not_removed_unseen(publisher: Client, draft: Draft) -> None:
    page = part(draft, "floors", FloorRule.objects.get(key="much"))
    opened = fields(publisher.get(page))
    publisher.post(page, {**opened, "en_me": "Theirs", "op": "save"})
    answer = publisher.post(page, {**opened, "op": "delete"})
    assert answer.status_code == 409 and "Theirs" in answer.content.decode()
    assert FloorRule.objects.filter(key="much").exists()


def test_an_open_form_still_fits_after_going_back(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    mood = part(draft, "questions", Question.objects.get(key="mood"))
    much = part(draft, "floors", FloorRule.objects.get(key="much"))
    title = address("title", questionnaire.pk)
    publisher.post(much, {**fields(publisher.get(much)), "en_me": "Changed", "op": "save"})
    opened = {page: fields(publisher.get(page)) for page in (mood, much, title)}
    publisher.post(address("go_back", questionnaire.pk), {"to": "version:1"})
    # What going back did not touch is saved as if nothing had happened,
    answer = publisher.post(mood, {**opened[mood], "en_me": "Mine", "op": "save"})
    assert answer.status_code == 302 and Question.objects.get(key="mood").en_me == "Mine"
    assert [choice.key for choice in Question.objects.get(key="mood").choices.all()] == ["well", "low", "very-low"]
    assert publisher.post(title, {**opened[title], "en_me": "Mine"}).status_code == 302
    # and what it changed is told, with both texts.
    answer = publisher.post(much, {**opened[much], "en_me": "Mine too", "op": "save"})
    assert "Someone else changed this" in answer.content.decode() and fields(answer)["en_me"] == "Mine too"


def test_removing_a_part_can_be_undone(publisher: Client, draft: Draft, questionnaire: Questionnaire) -> None:
    before = drafts.document(draft)
    page = part(draft, "floors", FloorRule.objects.get(key="much"))
    publisher.post(page, {**fields(publisher.get(page)), "op": "delete"})
    assert not FloorRule.objects.filter(key="much").exists()
    publisher.post(address("go_back", questionnaire.pk), {"to": f"kept:{KeptDraft.objects.get().pk}"})
    assert drafts.document(Draft.objects.get()) == before
    assert part(draft, "floors", FloorRule.objects.get(key="much")) == page


def test_a_removed_part_is_at_its_address_again_after_going_back_to_a_version(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    page = part(draft, "questions", Question.objects.get(key="mood"))
    opened = fields(publisher.get(page))
    publisher.post(page, {**opened, "op": "delete"})
    publisher.post(address("go_back", questionnaire.pk), {"to": "version:1"})
    assert part(draft, "questions", Question.objects.get(key="mood")) == page
    answer = publisher.post(page, {**opened, "en_me": "Mine", "op": "save"})
    assert "Someone else changed this" in answer.content.decode()


def test_trying_shows_path_ratings_rules_and_level_and_keeps_nothing(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    page = address("try", questionnaire.pk)
    shown = publisher.post(page, {"answer-safe": "yes", "answer-mood": "low"}).context["trial"]
    assert [step["key"] for step in shown["steps"]] == ["safe", "mood", "why"]
    assert (shown["complete"], shown["safety"][0]["rule"]) == (False, "danger")
    answers = {"answer-safe": "no", "answer-mood": "low", "answer-why": "not_sure"}
    shown = publisher.post(page, answers).context["trial"]
    assert shown["levels"] == [("high", True), ("mid", True), ("low", False)]
    assert shown["ratings"] == [("d", "moderate (2) to severe (3)", (2, 3))]
    assert [(reason.rule, reason.certain) for reason in shown["explanation"].reasons] == [
        ("much", False),
        ("some", True),
    ]
    shown = publisher.post(page, {**answers, "answer-mood": "well"}).context["trial"]
    assert shown["left_out"] == [("why?", "why", ["not_sure"])]
    assert not Response.objects.exists()


def test_the_panel_alone_answers_the_page_script(publisher: Client, draft: Draft, questionnaire: Questionnaire) -> None:
    answer = publisher.post(address("try", questionnaire.pk), {}, headers={"X-Requested-With": "fetch"})
    assert "<html" not in answer.content.decode()
    assert "safe?" in answer.content.decode()


def test_publishing_freezes_the_draft_and_says_what_moved(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    FloorRule.objects.filter(key="much").update(when={"rating": ["d", 4]})
    page = publisher.get(address("publish", questionnaire.pk))
    assert not [words for words, _holds in page.context["properties"] if "_" in words]
    compared = page.context["compared"]
    assert (compared.total, compared.stay, compared.up, compared.down) == (5, 4, 0, 1)
    assert [(row.level, [cell[1] for cell in row.cells]) for row in compared.rows] == [
        ("low", ["2", "", ""]),
        ("mid", ["", "1", ""]),
        ("high", ["", "1", "1"]),
    ]
    walks = compared.walks
    assert (walks.stay, walks.up, walks.down) == ("7", "0", "3")
    (fall,) = walks.levels
    assert (fall.before, fall.after, fall.ways, fall.lower) == ("high", "mid", "3", True)
    assert (
        "If someone answers “very-low” to “mood?”, and the least severe answer to everything else"
        in page.content.decode()
    )
    FloorRule.objects.filter(key="much").update(when={"rating": ["d", 3]}, en_me="Much more")
    digest = publisher.get(address("publish", questionnaire.pk)).context["sha256"]
    answer = publisher.post(address("publish", questionnaire.pk), {"sha256": digest})
    assert answer["Location"] == address("version", questionnaire.pk, 2)
    version: Any = questionnaire.newest()
    assert (version.published_by.username, version.sha256) == ("ed", sha256(parse(drafts.document(draft))))


def test_publishing_what_changed_meanwhile_asks_again(
    publisher: Client, draft: Draft, questionnaire: Questionnaire
) -> None:
    seen = publisher.get(address("publish", questionnaire.pk)).context["sha256"]
    FloorRule.objects.filter(key="much").update(when={"rating": ["d", 4]})
    answer = publisher.post(address("publish", questionnaire.pk), {"sha256": seen}, follow=True)
    assert "The draft has changed since you looked." in answer.content.decode()
    assert questionnaire.versions.count() == 1


def test_a_refusal_to_publish_tells_the_story(publisher: Client, questionnaire: Questionnaire, now: datetime) -> None:
    editing.import_document(hiding_document(), by=None, now=now)
    digest = sha256(parse(hiding_document()))
    answer = publisher.post(address("publish", questionnaire.pk), {"sha256": digest})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Not published" in html
    assert "the level is high. But if the answer to “mood?” is worse, “very-low” instead of “low”" in html
    assert questionnaire.versions.count() == 1
    answer = publisher.post(address("publish", questionnaire.pk).replace("/admin/", "/es/admin/"), {"sha256": digest})
    assert "el nivel baja a mid" in answer.content.decode()


def test_a_draft_with_faults_is_not_published(publisher: Client, draft: Draft, questionnaire: Questionnaire) -> None:
    Question.objects.get(key="mood").delete()
    answer = publisher.post(address("publish", questionnaire.pk), {"sha256": "x"})
    assert answer.status_code == 409
    assert "It looks at the question “mood”, which is gone." in answer.content.decode()


def test_two_states_are_compared_in_words(publisher: Client, draft: Draft, questionnaire: Questionnaire) -> None:
    Question.objects.filter(key="mood").update(en_me="How is your mood?")
    page = publisher.get(address("compare", questionnaire.pk), {"old": "1", "new": "draft"})
    assert page.context["compared"].changes == [
        (
            "Questions",
            [
                "“How is your mood?” (mood): the text (English, to the person) is now “How is your mood?”; "
                "before, it was “mood?”."
            ],
        )
    ]
    assert page.context["compared"].stay == page.context["compared"].total
    assert publisher.get(address("compare", questionnaire.pk), {"old": "9"}).status_code == 404


@pytest.mark.parametrize(
    ("verbs", "may"),
    [
        ((), ""),
        (("view",), "look"),
        (("view", "change"), "look edit"),
        (("view", "publish"), "look publish"),
        (("view", "add", "change", "publish"), "look edit publish add"),
    ],
)
def test_each_permission_opens_its_own_pages(
    make_editor: Callable[..., Any],
    sign_in: Callable[[Any], Client],
    draft: Draft,
    questionnaire: Questionnaire,
    verbs: tuple[str, ...],
    may: str,
) -> None:
    client = sign_in(make_editor(*verbs))
    pk = questionnaire.pk
    pages = {
        "look": [address(name, pk) for name in ("change", "try", "compare", "versions")],
        "edit": [address("title", pk), part(draft, "questions", draft.questions.last())],
        "add": [address("add"), address("clone", pk)],
    }
    for command, addresses in pages.items():
        for page in addresses:
            assert client.get(page).status_code == (200 if command in may.split() else 403), page
    publish = address("publish", pk)
    assert client.get(publish).status_code == (200 if may else 403)
    digest = sha256(parse(drafts.document(draft)))
    assert client.post(publish, {"sha256": digest}).status_code == (302 if "publish" in may else 403)
    move = {"part": f"questions:{Question.objects.get(key='why').pk}", "to": "0/up"}
    assert client.post(address("move", pk), move).status_code == (302 if "edit" in may else 403)


def test_a_published_version_has_nothing_to_edit(publisher: Client, questionnaire: Questionnaire) -> None:
    html = publisher.get(address("version", questionnaire.pk, 1)).content.decode()
    assert "It never changes." in html
    assert ">Edit<" not in html and "Move up" not in html and "Add a question" not in html


def test_answers_of_families_are_nowhere_in_the_admin(publisher: Client) -> None:
    assert publisher.get("/admin/assessments/response/").status_code == 404


def test_a_new_questionnaire_and_a_copy_start_from_a_key(publisher: Client, questionnaire: Questionnaire) -> None:
    assert "Another" not in publisher.get(address("add")).content.decode()
    answer = publisher.post(address("add"), {"key": "Not A Key"})
    assert "A key has small letters" in answer.content.decode()
    publisher.post(address("add"), {"key": "fresh"})
    fresh = Questionnaire.objects.get(key="fresh")
    bench = publisher.get(address("change", fresh.pk)).content.decode()
    assert "There is no question yet. Add one." in bench
    publisher.post(address("clone", questionnaire.pk), {"key": "copy"})
    assert drafts.current(Questionnaire.objects.get(key="copy")) is not None
    answer = publisher.post(address("clone", questionnaire.pk), {"key": "copy"})
    assert "There is a questionnaire with this key" in answer.content.decode()


def test_archiving_hides_it_from_families_and_can_be_taken_back(
    publisher: Client, questionnaire: Questionnaire
) -> None:
    page = publisher.get(address("versions", questionnaire.pk)).content.decode()
    asked = page.partition("<summary>Archive it</summary>")[2].partition("</details>")[0]
    assert "Families can no longer start it" in asked and address("archive", questionnaire.pk) in asked
    for archived in (True, False):
        publisher.post(address("archive", questionnaire.pk))
        questionnaire.refresh_from_db()
        assert (questionnaire.archived_at is not None) is archived
