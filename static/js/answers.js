// “None of these” and “Not sure” stand alone: a tap on one of them unchecks the others, and the other way round. What
// names a danger stays checked: only the server decides beside it (QuestionForm.clean_answer).
document.addEventListener("change", ({ target }) => {
  const standsAlone = (box) => box.value === "" || box.value === "not_sure";
  if (target.type !== "checkbox" || !target.checked) return;
  const dangers = target.form.dataset.dangers.split(" ").filter(Boolean);
  target.form.querySelectorAll("input[type=checkbox]").forEach((box) => {
    const clashes = box !== target && (standsAlone(box) || standsAlone(target));
    if (clashes && !dangers.includes(box.value)) box.checked = false;
  });
});
