// The frame works without this file. With it: the chosen theme, the quick exit that leaves no way back, print buttons.
(() => {
  const root = document.documentElement;
  const store = {
    get() { try { return localStorage.getItem("theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("theme", value); } catch { /* private mode: the choice lasts for this page */ } },
  };
  const chosen = store.get();
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  const leave = (address) => {
    root.hidden = true;
    document.title = "…";
    location.replace(address);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const switches = document.querySelectorAll("[data-theme-switch]");
    const show = () => switches.forEach((button) => { button.hidden = false; button.setAttribute("aria-pressed", String(isDark())); });
    switches.forEach((button) => button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store.set(root.dataset.theme);
      show();
    }));
    show();

    const exit = document.querySelector("[data-quick-exit]");
    if (exit) {
      exit.addEventListener("click", (event) => { event.preventDefault(); leave(exit.href); });
      let presses = [];
      document.addEventListener("keyup", (event) => {
        if (event.key !== "Shift") { presses = []; return; }
        presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
        if (presses.length === 3) leave(exit.href);
      });
    }
    document.querySelectorAll("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  });
})();
