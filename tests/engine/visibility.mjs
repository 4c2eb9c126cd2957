// Replays answers in survey-core, an independent questionnaire engine, and tells what it shows.
//
// In (stdin): {"questionnaires": [{"document": …, "walks": [[{question: answer, …}, …], …]}]}
// A walk is a list of settings, one after the other on the same survey; each may change earlier answers.
// Out (stdout): for each questionnaire and walk, after each setting, the names of the questions that are visible.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { Model } = createRequire(import.meta.url)("survey-core");

function anyOf(question, choices) {
  return `({${question}} anyof [${choices.map((choice) => `'${choice}'`).join(", ")}])`;
}

function expression(condition, earlier) {
  const [kind, inner] = Object.entries(condition)[0];
  if (kind === "in") {
    return earlier.some((question) => question.key === inner[0]) ? anyOf(inner[0], inner[1]) : "(1 = 2)";
  }
  if (kind === "rating") {
    const raters = earlier.flatMap((question) => {
      const choices = question.choices.filter((choice) => (choice.rates?.[inner[0]] ?? 0) >= inner[1]);
      return choices.length ? [anyOf(question.key, choices.map((choice) => choice.key))] : [];
    });
    return raters.length ? `(${raters.join(" or ")})` : "(1 = 2)";
  }
  if (kind === "not") {
    return `!${expression(inner, earlier)}`;
  }
  return `(${inner.map((part) => expression(part, earlier)).join(kind === "all" ? " and " : " or ")})`;
}

function surveyOf(document) {
  const elements = document.questions.map((question, position) => ({
    type: question.kind === "many" ? "checkbox" : "radiogroup",
    name: question.key,
    choices: question.choices.map((choice) => choice.key),
    // Answers here are never "not sure", so no helper is asked.
    ...(question.helps && { visibleIf: "(1 = 2)" }),
    ...(question.shows_when && { visibleIf: expression(question.shows_when, document.questions.slice(0, position)) }),
  }));
  return new Model({ clearInvisibleValues: "onHidden", elements });
}

function replay(survey, walk) {
  survey.clear(true, true);
  return walk.map((answers) => {
    for (const [key, answer] of Object.entries(answers)) {
      survey.setValue(key, answer);
    }
    return survey.getAllQuestions().filter((question) => question.isVisible).map((question) => question.name);
  });
}

const { questionnaires } = JSON.parse(readFileSync(0, "utf8"));
const shown = questionnaires.map(({ document, walks }) => {
  const survey = surveyOf(document);
  return walks.map((walk) => replay(survey, walk));
});
process.stdout.write(JSON.stringify(shown));
