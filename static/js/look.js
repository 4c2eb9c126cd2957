// The frame works without this file. With it: the chosen theme, the quick exit, print and copy buttons.
(() => {
  const root = document.documentElement;
  const store = {
    get() { try { return localStorage.getItem("theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("theme", value); } catch { /* private mode: the choice lasts for this page */ } },
  };
  const chosen = store.get();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  // This page leaves the history; the pages before it ask before they show anything again (config/leaving.py).
  const leave = (exit) => {
    document.dispatchEvent(new Event("waymark:leave"));
    root.hidden = true;
    document.title = "…";
    navigator.sendBeacon?.(exit.href);
    try { sessionStorage.setItem("left", "1"); } catch { /* then a kept page may show until it is loaded anew */ }
    location.replace(exit.dataset.quickExit);
  };
  addEventListener("pageshow", (event) => {
    try {
      if (event.persisted && sessionStorage.getItem("left")) { root.hidden = true; location.reload(); }
      sessionStorage.removeItem("left");
    } catch { /* nothing was kept */ }
  });

  document.addEventListener("DOMContentLoaded", () => {
    const switches = document.querySelectorAll("[data-theme-switch]");
    // The button names the look that it changes to.
    const show = () => switches.forEach((button) => {
      button.hidden = false;
      button.querySelector("span").textContent = isDark() ? button.dataset.light : button.dataset.dark;
    });
    switches.forEach((button) => button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store.set(root.dataset.theme);
      show();
    }));
    show();

    const exit = document.querySelector("[data-quick-exit]");
    if (exit) {
      exit.addEventListener("click", (event) => { event.preventDefault(); leave(exit); });
      let presses = [];
      document.addEventListener("keyup", (event) => {
        if (event.key !== "Shift") { presses = []; return; }
        presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
        if (presses.length === 3) leave(exit);
      });
    }
    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        button.textContent = button.dataset.done;
      });
    });
    // A link to what lies in a folded part opens it; not every browser does so by itself.
    const reveal = () => {
      const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      let folded = null;
      for (let part = target?.parentElement?.closest("details"); part; part = part.parentElement.closest("details")) {
        if (!part.open) folded = part;
        part.open = true;
      }
      if (folded) target.scrollIntoView();
    };
    addEventListener("hashchange", reveal);
    document.addEventListener("click", (event) => { if (event.target.closest("a")?.hash === location.hash && location.hash) reveal(); });
    reveal();
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  });
})();
