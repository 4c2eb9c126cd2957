// What is typed into a form stays in this browser until the form arrived: it survives sign-in, an error page, a lost
// connection and a reload. It lies encrypted under a key that no script can read out, for a day at most, of families for 12 hours; a cookie
// says that it has not arrived yet, and the server takes that cookie away when it has (config/arrived_text.py).
(() => {
  const words = document.getElementById("kept");
  const clearedAt = () => { try { return Number(localStorage.getItem("kept-cleared")) || 0; } catch { return 0; } };
  const forgetPaths = () => {
    try { Object.keys(sessionStorage).filter((name) => name.startsWith("htmx-")).forEach((name) => sessionStorage.removeItem(name)); } catch { /* nothing was kept */ }
  };

  // Somebody signed out or left in another tab: what this one shows of them goes at once, then the server decides.
  const opened = Date.now();
  const isOwn = words?.dataset.owner || /^(\/es)?\/(assessment|programs|referral|status|messages|c|p|staff|admin)\//.test(location.pathname);
  const vanish = () => {
    if (!isOwn || clearedAt() < opened) return;
    document.documentElement.hidden = true;
    document.title = "…";
    forgetPaths();
    setTimeout(() => location.reload(), 1000);
  };
  addEventListener("storage", (event) => { if (event.key === "kept-cleared") vanish(); });
  addEventListener("pageshow", (event) => { if (event.persisted) vanish(); });

  if (!words || !window.indexedDB || !window.crypto?.subtle) return;
  const seconds = (who) => (who ? 24 : 12) * 60 * 60;
  const owner = words.dataset.owner;
  // Where what is written beside the form that is sent stands again by itself; on the pages of staff it is offered.
  const stays = !owner || /^(\/es)?\/admin\//.test(location.pathname);
  const coder = new TextEncoder(), decoder = new TextDecoder();
  const ids = new WeakMap(), waiting = new WeakMap(), restored = new WeakSet();

  // Families and programs have no account: theirs is offered only in the tab that it was typed in.
  const tab = (() => {
    try {
      const known = sessionStorage.getItem("kept-tab") || crypto.randomUUID();
      sessionStorage.setItem("kept-tab", known);
      return known;
    } catch { return ""; }
  })();

  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  const database = (() => {
    const opening = indexedDB.open("kept", 1);
    opening.onupgradeneeded = () => ["keys", "texts"].forEach((name) => opening.result.createObjectStore(name));
    return done(opening);
  })();
  const store = async (name, mode = "readonly") => (await database).transaction(name, mode).objectStore(name);
  const key = (() => {
    let found;
    const make = async () => {
      const old = await done((await store("keys")).get("key"));
      if (old) return old;
      const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
      await done((await store("keys", "readwrite")).put(fresh, "key"));
      return fresh;
    };
    return (again = false) => (found = again || !found ? make() : found);
  })();

  const pathOf = (form) => new URL(form.getAttribute("action") || location.pathname, location.href).pathname.replace(/^\/es(?=\/)/, "");
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const mark = (id, path) => { document.cookie = `kept-${id}=${encodeURIComponent(path)}; Path=/; SameSite=Lax; Max-Age=${seconds(owner)}${secure}`; };
  const unmark = (id) => { document.cookie = `kept-${id}=; Path=/; SameSite=Lax; Max-Age=0${secure}`; };
  const isMarked = (id) => document.cookie.includes(`kept-${id}=`);

  // The key of a draft that the server keeps goes along: put back, it is the same draft.
  const never = (field) => (field.type === "hidden" && !field.matches("[data-kept]")) || /^(password|file|submit|button|image|reset)$/.test(field.type)
    || /one-time-code|password/.test(field.autocomplete || "") || /^(code|token|csrf.*)$/.test(field.name);
  const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("input, textarea, select") && !never(field));
  const isText = (field) => field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=range])");
  const isKept = (form) => (form.getAttribute("method") || "").toLowerCase() === "post" && fields(form).some(isText)
    && !form.matches("[role=search]") && !form.querySelector("input[type=search]")
    && ![...form.elements].some((field) => field.type === "password" || /one-time-code/.test(field.autocomplete || ""));
  const valuesOf = (form) => {
    const values = {};
    for (const field of fields(form)) {
      const list = values[field.name] ||= [];
      if (/^(checkbox|radio)$/.test(field.type)) { if (field.checked) list.push(field.value); }
      else if (field.multiple) list.push(...[...field.selectedOptions].map((option) => option.value));
      else list.push(field.value);
    }
    return values;
  };
  const nameOf = (form) => `${pathOf(form)} ${[...new Set(fields(form).map((field) => field.name))].sort().join(" ")}`;
  const isTyped = (form) => fields(form).some((field) => isText(field) && field.value.trim() && (restored.has(form) || field.value !== field.defaultValue));

  const forget = async (name, id) => { unmark(id); await done((await store("texts", "readwrite")).delete(name)); };
  const keep = async (form, carried = false) => {
    const name = nameOf(form), id = ids.get(form), values = JSON.stringify(valuesOf(form));
    if (values.length > 1_000_000) return;
    if (!isTyped(form)) { ids.delete(form); await forget(name, id); return; }
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), coder.encode(values));
    const at = Date.now();
    if (isMarked(id)) await done((await store("texts", "readwrite")).put({ id, owner, tab, at, iv, data, carried }, name));
  };
  const notice = (event) => {
    const form = event.target.closest?.("form") || event.target.form;
    if (!form || !isKept(form)) return;
    // A browser says "change" of a text also as its field goes from the page with the answer that took it: "input" has told of each letter before.
    if (event.type === "change" && event.isTrusted && isText(event.target)) return;
    if (!ids.has(form)) { ids.set(form, crypto.randomUUID()); }
    mark(ids.get(form), pathOf(form));
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form).catch(() => {}), 200));
  };

  // What must go: what has arrived, is too old, was cleared, or belongs to somebody else who was signed in here.
  const sweep = async () => {
    const texts = await store("texts", "readwrite");
    const [names, entries] = await Promise.all([done(texts.getAllKeys()), done(texts.getAll())]);
    for (const [at, entry] of entries.entries()) {
      const old = entry.at < Date.now() - seconds(entry.owner) * 1000 || entry.at <= clearedAt() || !isMarked(entry.id);
      if (old || (owner && entry.owner && entry.owner !== owner)) { unmark(entry.id); texts.delete(names[at]); }
    }
  };
  const clear = async () => {
    // First what cannot be interrupted by leaving the page.
    try { localStorage.setItem("kept-cleared", String(Date.now())); } catch { /* then the rest has to do */ }
    for (const [, id] of document.cookie.matchAll(/kept-([\w-]+)=/g)) unmark(id);
    forgetPaths();
    const both = (await database).transaction(["texts", "keys"], "readwrite");
    both.objectStore("texts").clear();
    both.objectStore("keys").clear();
  };

  const putBack = (form, values) => {
    const lost = [], used = {};
    for (const field of fields(form)) {
      const list = values[field.name];
      if (!list) continue;
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = list.includes(field.value);
      else if (field.multiple) [...field.options].forEach((option) => { option.selected = list.includes(option.value); });
      else {
        used[field.name] = used[field.name] ?? 0;
        field.value = list[used[field.name]++] ?? field.value;
        // Where an editor lies over the box, it takes the text itself.
        const taken = !field.dispatchEvent(new CustomEvent("waymark:put-back", { bubbles: true, cancelable: true }));
        if (!taken && field.matches("textarea") && !field.checkVisibility()) lost.push(field.value);
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const here = new Set(fields(form).map((field) => field.name));
    for (const [name, list] of Object.entries(values)) if (!here.has(name)) lost.push(...list);
    const plain = (text) => (/<\w/.test(text) ? new DOMParser().parseFromString(text.replaceAll("<", " <"), "text/html").body.textContent : text);
    return lost.map(plain).filter((text) => text.trim());
  };
  const adopt = (form, entry) => { ids.set(form, entry.id); restored.add(form); };
  const offer = async (form) => {
    if (!isKept(form) || form.querySelector(":scope > .kept")) return;
    if (form.querySelector("[data-kept-by-server]")) return; // it offers the same text, with all that belongs to it
    const name = nameOf(form);
    const entry = await done((await store("texts")).get(name));
    if (!entry || (entry.owner ? entry.owner !== owner : entry.tab !== tab)) return;
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: entry.iv }, await key(), entry.data);
    const values = JSON.parse(decoder.decode(plain));
    const now = valuesOf(form);
    if (Object.entries(values).every(([field, list]) => JSON.stringify(now[field]) === JSON.stringify(list))) { adopt(form, entry); return; }
    for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    // A button elsewhere on the page was pressed while this was being written: it stands where it stood.
    if (entry.carried) { adopt(form, entry); if (!putBack(form, values).length) return; }
    const box = words.content.firstElementChild.cloneNode(true);
    // What the server keeps, too, is offered once: here, where it is newest.
    const row = values.key && document.querySelector(`[data-draft="${CSS.escape(values.key[0])}"]`);
    const twin = row?.matches(":only-child") ? row.closest("section") : row;
    if (twin) twin.hidden = true;
    box.querySelector("[data-put-back]").addEventListener("click", () => {
      adopt(form, entry);
      const lost = putBack(form, values);
      box.replaceChildren(...lost.map((text) => Object.assign(document.createElement("pre"), { className: "typed", textContent: text })));
      if (!lost.length) box.remove();
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    box.querySelector("[data-discard]").addEventListener("click", () => { box.remove(); if (twin) twin.hidden = false; forget(name, entry.id).catch(() => {}); });
    form.prepend(box);
  };
  // A folded form that is fetched when it is opened is opened where words of it are kept; then they are offered.
  const unfold = async (root) => {
    const places = [...root.querySelectorAll("[data-fetched]")];
    if (!places.length) return;
    const texts = await store("texts");
    const [names, entries] = await Promise.all([done(texts.getAllKeys()), done(texts.getAll())]);
    const own = names.filter((_name, at) => (entries[at].owner ? entries[at].owner === owner : entries[at].tab === tab));
    for (const place of places) {
      const path = new URL(place.dataset.fetched, location.href).pathname.replace(/^\/es(?=\/)/, "");
      if (own.some((name) => name.startsWith(`${path} `))) place.closest("details").open = true;
    }
  };
  const formsIn = (root) => [...(root.matches?.("form") ? [root] : []), ...root.querySelectorAll("form")];
  const look = (root) => sweep().then(() => { formsIn(root).forEach((form) => offer(form).catch(() => {})); return unfold(root); }).catch(() => {});

  document.addEventListener("input", notice, true);
  document.addEventListener("change", notice, true);
  document.addEventListener("submit", (event) => {
    if (/\/accounts\/logout\/$/.test(pathOf(event.target))) { clear().catch(() => {}); return; }
    for (const form of document.forms) {
      if (!ids.has(form)) continue;
      clearTimeout(waiting.get(form));
      keep(form, stays && form !== event.target).catch(() => {});
    }
  }, true);
  document.addEventListener("waymark:leave", () => { clear().catch(() => {}); });
  addEventListener("pageshow", (event) => { if (event.persisted) look(document); });
  look(document);

  // Where htmx sends, nothing of the browser's own says that it failed.
  const say = (event, why) => {
    const form = event.detail.elt.closest("form");
    if (!form || event.detail.requestConfig?.verb === "get") return;
    form.querySelectorAll(".not-saved").forEach((old) => old.remove());
    const told = Object.assign(document.createElement("p"), { className: "not-saved invalid-feedback", textContent: words.dataset[why] });
    told.setAttribute("role", "alert");
    const buttons = [...form.querySelectorAll("button:not([type=button]), input[type=submit]")];
    const pressed = event.detail.requestConfig?.triggeringEvent?.submitter || buttons.at(-1);
    if (pressed && form.contains(pressed)) pressed.after(told); else form.append(told);
  };
  document.addEventListener("htmx:sendError", (event) => say(event, "offline"));
  document.addEventListener("htmx:timeout", (event) => say(event, "late"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 500) say(event, "broken");
    else if (status !== 422 && status !== 409) say(event, "refused");
  });
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) look(event.detail.elt); });
})();
