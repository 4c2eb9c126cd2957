// Keys and small comforts of the workspace; every page works without them.
(() => {
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches("input, select, textarea")) target.focus();
    else target.click();
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
  // What was refused, or was done, stands at the top: whoever pressed a button further down is taken there.
  const look = (focus) => {
    const refused = document.querySelector("#main [data-focus]");
    const said = refused || document.querySelector("#main .messages");
    if (refused) refused.focus({ preventScroll: true });
    if (said && (refused || focus)) said.scrollIntoView({ block: "center" });
  };
  document.addEventListener("htmx:afterSettle", () => look(true));
  document.addEventListener("DOMContentLoaded", () => look(false));
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".side-user[open], .dropdown[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
})();
