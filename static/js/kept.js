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
    if (!isOwn || clearedAt() < opened || document.documentElement.hidden) return;
    const title = document.title;
    document.documentElement.hidden = true;
    document.title = "…";
    forgetPaths();
    // Who is asked by the browser, and stays, sees the page again with what they typed.
    const asked = (event) => setTimeout(() => setTimeout(() => {
      if (!event.defaultPrevented) return;
      document.documentElement.hidden = false;
      document.title = title;
      document.dispatchEvent(new Event("waymark:stayed"));
    }, 1000));
    setTimeout(() => { addEventListener("beforeunload", asked, { once: true }); location.reload(); }, 1000);
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

  const isMine = (entry) => (entry.owner ? entry.owner === owner : entry.tab === tab);

  const done = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
  const database = (() => {
    const opening = indexedDB.open("kept", 1);
    opening.onupgradeneeded = () => ["keys", "texts"].forEach((name) => opening.result.createObjectStore(name));
    return done(opening);
  })();
  const store = async (name, mode = "readonly") => (await database).transaction(name, mode).objectStore(name);
  // Each text lies under its own id: what is typed next never replaces what is still offered.
  const entries = async () => {
    const texts = await store("texts");
    const [keys, found] = await Promise.all([done(texts.getAllKeys()), done(texts.getAll())]);
    return found.map((entry, at) => ({ ...entry, key: keys[at] }));
  };
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
  // A cookie without a path is of what was put aside: no form that arrives takes it away.
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

  // The page of a draft that the server keeps has a mark; under the same one it is kept here until it is kept there.
  const boxOf = (form, id) => form.querySelector(`:scope > .kept[data-id="${CSS.escape(id)}"]`);
  const newId = (form) => {
    const page = form.elements.kept_as?.value;
    return page && !boxOf(form, page) ? page : crypto.randomUUID();
  };
  const forget = async (id) => { unmark(id); await done((await store("texts", "readwrite")).delete(id)); };
  const keep = async (form, carried = false) => {
    clearTimeout(waiting.get(form));
    const name = nameOf(form), id = ids.get(form), values = JSON.stringify(valuesOf(form));
    if (values.length > 1_000_000) return;
    if (!isTyped(form)) { ids.delete(form); await forget(id); return; }
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), coder.encode(values));
    const at = Date.now();
    if (isMarked(id)) await done((await store("texts", "readwrite")).put({ id, name, owner, tab, at, iv, data, carried }, id));
  };
  const notice = (event) => {
    const form = event.target.closest?.("form") || event.target.form;
    if (!form || !isKept(form)) return;
    // A browser says "change" of a text also as its field goes from the page with the answer that took it: "input" has told of each letter before.
    if (event.type === "change" && event.isTrusted && isText(event.target)) return;
    if (!ids.has(form)) { ids.set(form, newId(form)); }
    mark(ids.get(form), pathOf(form));
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => keep(form).catch(() => {}), 200));
  };
  const keepAgain = () => {
    for (const form of document.forms) if (ids.has(form)) { mark(ids.get(form), pathOf(form)); keep(form).catch(() => {}); }
  };

  // What must go: what has arrived, is too old, was cleared, or belongs to somebody else who was signed in here.
  const sweep = async () => {
    for (const entry of await entries()) {
      const old = entry.at < Date.now() - seconds(entry.owner) * 1000 || entry.at <= clearedAt() || !isMarked(entry.id);
      if (old || (owner && entry.owner && entry.owner !== owner)) { unmark(entry.id); (await store("texts", "readwrite")).delete(entry.key); }
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

  const plain = (text) => (/<\w/.test(text) ? new DOMParser().parseFromString(text.replaceAll("<", " <"), "text/html").body.textContent : text);
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
    return lost.map(plain).filter((text) => text.trim());
  };
  const adopt = (form, entry) => { ids.set(form, entry.id); restored.add(form); mark(entry.id, pathOf(form)); };
  const draw = (form, entry, values) => {
    for (let part = form.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    const box = words.content.firstElementChild.cloneNode(true);
    box.dataset.id = entry.id;
    const clock = { weekday: "long", hour: "numeric", minute: "2-digit", timeZone: words.dataset.zone || undefined };
    box.querySelector("[data-when]").textContent = `(${new Date(entry.at).toLocaleString(document.documentElement.lang, clock)})`;
    // Whose words they are shows how they begin; a family's are shown to nobody before they are asked for.
    const first = owner && plain(fields(form).filter(isText).flatMap((field) => values[field.name] || []).find((text) => text.trim()) || "").trim();
    if (first) box.querySelector("p").append(` “${first.length > 60 ? `${first.slice(0, 60)}…` : first}”`);
    mark(entry.id, "");
    // What the server keeps, too, is offered once: here, where it is newest.
    const row = values.key && document.querySelector(`[data-draft="${CSS.escape(values.key[0])}"]`);
    const twin = row?.matches(":only-child") ? row.closest("section") : row;
    if (twin) twin.hidden = true;
    box.querySelector("[data-put-back]").addEventListener("click", async () => {
      // What stands here now is offered in its turn.
      if (ids.has(form)) await keep(form).catch(() => {});
      adopt(form, entry);
      const lost = putBack(form, values);
      box.replaceChildren(...lost.map((text) => Object.assign(document.createElement("pre"), { className: "typed", textContent: text })));
      if (!lost.length) box.remove();
      form.querySelector("textarea, input:not([type=hidden])")?.focus();
      offer(form).catch(() => {});
    });
    box.querySelector("[data-discard]").addEventListener("click", () => { box.remove(); if (twin) twin.hidden = false; forget(entry.id).catch(() => {}); });
    form.prepend(box);
  };
  const offer = async (form) => {
    if (!isKept(form)) return;
    const name = nameOf(form), byServer = [...form.querySelectorAll("[data-discard-kept]")].map((button) => button.value);
    const found = (await entries()).filter((entry) => entry.name === name && isMine(entry) && !byServer.includes(entry.id));
    for (const entry of found.sort((one, other) => one.at - other.at)) {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: entry.iv }, await key(), entry.data);
      if (entry.id === ids.get(form) || boxOf(form, entry.id)) continue;
      const values = JSON.parse(decoder.decode(plain)), now = valuesOf(form);
      if (Object.entries(values).every(([field, list]) => JSON.stringify(now[field]) === JSON.stringify(list))) {
        if (ids.has(form)) await forget(entry.id); else adopt(form, entry);
        continue;
      }
      // A button elsewhere on the page was pressed while this was being written: it stands where it stood.
      if (entry.carried && !ids.has(form)) { adopt(form, entry); if (!putBack(form, values).length) continue; }
      draw(form, entry, values);
    }
  };
  // A folded form that is fetched when it is opened is opened where words of it are kept; then they are offered.
  const unfold = async (root) => {
    const places = [...root.querySelectorAll("[data-fetched]")];
    if (!places.length) return;
    const own = (await entries()).filter(isMine);
    for (const place of places) {
      const path = new URL(place.dataset.fetched, location.href).pathname.replace(/^\/es(?=\/)/, "");
      if (own.some(({ name }) => name?.startsWith(`${path} `))) place.closest("details").open = true;
    }
  };
  const formsIn = (root) => [...(root.matches?.("form") ? [root] : []), ...root.querySelectorAll("form")];
  const look = (root) => sweep().then(() => { formsIn(root).forEach((form) => offer(form).catch(() => {})); return unfold(root); }).catch(() => {});

  document.addEventListener("input", notice, true);
  document.addEventListener("change", notice, true);
  // Before somebody signs out, other tabs bring to the server what they can; the rest is cleared, and asked about first.
  const settle = () => new Promise((yes) => {
    const line = new BroadcastChannel("signing-out"), end = () => { line.close(); yes(); };
    let open = 0, timer = setTimeout(end, 200);
    line.onmessage = ({ data }) => {
      open += data === "wait" ? 1 : -1;
      clearTimeout(timer);
      timer = setTimeout(end, open > 0 ? 3000 : 50);
    };
    line.postMessage("leaving");
  });
  const signOut = async (form) => {
    await settle();
    if (document.cookie.includes("kept-") && !confirm(words.dataset.clears)) return;
    await clear().catch(() => {});
    form.submit();
  };
  document.addEventListener("submit", (event) => {
    const sent = event.target, path = pathOf(sent);
    if (/\/accounts\/logout\/$/.test(path)) { event.preventDefault(); signOut(sent); return; }
    // What arrives with a form is its own text: what is kept for the same place besides stays.
    if (isKept(sent)) for (const [, id, to] of document.cookie.matchAll(/kept-([\w-]+)=([^;]*)/g)) if (decodeURIComponent(to) === path) mark(id, "");
    for (const form of document.forms) {
      if (!ids.has(form)) continue;
      if (form === sent) mark(ids.get(form), path);
      keep(form, stays && form !== sent).catch(() => {});
    }
  }, true);
  // A form that a script sent, or emptied, begins anew.
  document.addEventListener("waymark:arrived", ({ target }) => { if (ids.has(target)) forget(ids.get(target)).catch(() => {}); ids.delete(target); restored.delete(target); });
  document.addEventListener("reset", ({ target }) => { if (ids.has(target)) keep(target).catch(() => {}); ids.delete(target); restored.delete(target); });
  document.addEventListener("waymark:discarded", ({ detail }) => { forget(detail).catch(() => {}); });
  document.addEventListener("waymark:lost", keepAgain);
  document.addEventListener("waymark:stayed", () => {
    keepAgain();
    const told = Object.assign(document.createElement("p"), { className: "kept-text callout callout-note", textContent: words.dataset.stayed });
    told.setAttribute("role", "alert");
    (document.querySelector("#content-main") ?? document.querySelector("main"))?.prepend(told);
  });
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
