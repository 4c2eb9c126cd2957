// Keys and small comforts of the workspace; every page works without them.
(() => {
  // In what a key leads to in the queue (its lists and the boxes of its rows) keys stay keys.
  const typing = (target) => target.closest("input:not([name=row], [data-pick-all]), textarea, select:not([data-key]), [contenteditable]");
  // A page that a key opened, and where no field is at hand, begins at its heading.
  const keyed = (set) => { try { const was = sessionStorage.getItem("keyed"); sessionStorage[set ? "setItem" : "removeItem"]("keyed", "1"); return was; } catch { return null; } };
  document.addEventListener("DOMContentLoaded", () => {
    const heading = document.querySelector("#main h1");
    if (!keyed(false) || !heading || document.querySelector("[autofocus]") || document.activeElement !== document.body) return;
    heading.tabIndex = -1;
    heading.focus();
  });
  const firstField = (part) => part.querySelector(":is(input, select, textarea):not([type=hidden])");
  // A folded form is fetched when it is opened: one that a key opened is filled in at once, and one that cannot be
  // fetched says so beside the link to its own page.
  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt.closest?.("[data-focuses]");
    if (!part) return;
    delete part.dataset.focuses;
    firstField(part)?.focus();
  });
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, (event) => {
    const place = event.detail.elt;
    if (!place.matches?.("[data-fetched]") || place.querySelector("[role=alert]")) return;
    const told = Object.assign(document.createElement("p"), { className: "invalid-feedback", textContent: place.dataset.failed });
    told.setAttribute("role", "alert");
    place.prepend(told);
  }));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    // What the page itself has goes before the menu beside it; with Shift the menu goes first.
    const named = `[data-key~="${CSS.escape(event.key.toLowerCase())}"]`;
    const target = (event.key === event.key.toLowerCase() && document.querySelector(`#main ${named}`)) || document.querySelector(named);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, select, textarea")) target.focus();
    else if (target.matches("[data-goes-to]")) target.focus();
    else if (target.matches("a[href^='#']")) document.querySelector(`${target.hash} ~ * :is(input, select, textarea)`)?.focus();
    else { keyed(target.matches("a[href], button")); target.click(); }
    // What a key opens is filled in at once.
    if (!target.matches("details[open] > summary")) return;
    const field = firstField(target.parentElement);
    if (field) field.focus(); else target.parentElement.dataset.focuses = "";
  });
  // Esc leaves a field, so that keys are keys again; Ctrl and Enter sends the form that it is in, where one button does.
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input, textarea, select");
    if (field && event.key === "Escape") field.blur();
    const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && field?.closest("#main form[method=post]");
    const buttons = form ? [...form.querySelectorAll("button:not([type=button])")] : [];
    const sends = buttons.find((button) => button.matches("[data-ctrl-enter]")) || (buttons.length === 1 && buttons[0]);
    if (sends) { event.preventDefault(); sends.click(); }
  });
  // j and k move through the rows of a dense table; Enter follows the row's link, as links do.
  document.addEventListener("keydown", (event) => {
    if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const links = [...document.querySelectorAll(".dense tbody a.row-link")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next = event.key === "j" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
    links[next].focus();
  });
  // x checks the row that is looked at; the box above the column checks all.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    document.activeElement.closest("tr")?.querySelector("input[name=row]")?.click();
  });
  const offerAll = () => document.querySelectorAll("[data-pick-all]").forEach((all) => { all.hidden = false; });
  document.addEventListener("DOMContentLoaded", offerAll);
  document.addEventListener("htmx:afterSettle", offerAll);
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    event.target.closest("table").querySelectorAll("input[name=row]").forEach((box) => { box.checked = event.target.checked; });
  });
  // The queue fetches itself anew each minute while somebody works here; focus and checked rows stay where they are.
  const MINUTE = 60_000;
  let active = Date.now(), held = null;
  const isRefresh = (event) => event.detail.requestConfig?.elt?.id === "refresh";
  const nameOf = (element) => (element?.matches?.("a[href], input, select, button") ? [element.tagName, element.getAttribute("href"), element.name, element.name === "row" || element.matches("button") ? element.value : ""].join(" ") : "");
  ["keydown", "pointerdown", "pointermove"].forEach((name) => document.addEventListener(name, () => { active = Date.now(); }, { passive: true }));
  const refresh = () => {
    const asks = document.getElementById("refresh");
    if (asks && document.visibilityState === "visible" && Date.now() - active < 30 * MINUTE) htmx.trigger(asks, "refresh");
  };
  setInterval(refresh, MINUTE);
  document.addEventListener("waymark:refresh", refresh);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isRefresh(event)) return;
    const queue = document.getElementById("queue");
    const focus = queue.contains(document.activeElement) ? nameOf(document.activeElement) : "";
    held = { focus, checked: new Set([...queue.querySelectorAll("input[name=row]:checked")].map((box) => box.value)) };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!isRefresh(event) || !held) return;
    const queue = document.getElementById("queue");
    // A row that changed meanwhile has another value: it is not checked any more.
    queue.querySelectorAll("input[name=row]").forEach((box) => { box.checked = held.checked.has(box.value); });
    if (held.focus) [...queue.querySelectorAll("a, input, select, button")].find((each) => nameOf(each) === held.focus)?.focus({ preventScroll: true });
    held = null;
  });
  // ? lists the keys.
  const keys = document.getElementById("keys");
  document.addEventListener("keydown", (event) => { if (event.key === "?" && keys && !typing(event.target)) { event.preventDefault(); keys.showModal(); } });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) keys?.showModal(); });
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-keys]").forEach((button) => { button.hidden = false; }));
  // What was refused, or was done, stands at the top: whoever pressed a button further down is taken there.
  const look = (focus) => {
    const refused = document.querySelector("#main [data-focus]");
    const said = refused || document.querySelector("#main .messages");
    if (refused) refused.focus({ preventScroll: true });
    if (said && (refused || focus)) said.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:afterSettle", (event) => { if (!isRefresh(event) && !event.detail.requestConfig?.elt?.matches("[data-fetched]")) look(true); });
  document.addEventListener("DOMContentLoaded", () => look(false));
  // The session ran out while a part of the page was fetched: the page stays, and says so.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!/\/accounts\//.test(new URL(event.detail.xhr.responseURL, location.href).pathname)) return;
    event.detail.shouldSwap = false;
    const told = document.getElementById("signed-out");
    if (told) { told.hidden = false; told.scrollIntoView({ block: "nearest" }); }
  });
  // In a form that is filled in on the phone Enter goes on to the next field.
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-enter-next]");
    if (!form || event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    if (!event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = [...form.elements].filter((field) => field.matches("input:not([type=hidden]), select, textarea, button") && field.checkVisibility() && (field.type !== "radio" || field.name !== event.target.name || event.target.type !== "radio"));
    const after = fields.find((field) => event.target.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
    after?.focus();
  });
  // The words that are read aloud follow the language of the call, until somebody chooses them.
  document.addEventListener("change", (event) => {
    const { form, dataset, name, value } = event.target;
    if (name === "read_in") form.dataset.chosen = "1";
    const follows = dataset.sets && !form.dataset.chosen && form.querySelector(`[name="${dataset.sets}"][value="${CSS.escape(value)}"]`);
    if (follows) follows.checked = true;
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".side-user[open], .dropdown[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
