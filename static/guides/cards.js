// The blocks of a guide as cards: opened, moved (mouse, buttons, Alt+arrows), added, duplicated, copied to another guide.
// An editor of rich text is fetched and built only where one comes into sight. Words come from the page's templates.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]
  const COPIED = "waymark-copied-block"
  let board, list, adder, status, words, options, rich
  let here = null // the card after which a block is added; null is the end

  const part = (name) => board.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true)
  const blank = (kind) => board.querySelector(`template[data-blank="${kind}"]`).content.firstElementChild
  const cards = () => all(":scope > [data-card]", list) // what is left of a removed one may stand among them
  const nameOf = (card) => card.id.slice("block-".length)
  const say = (text) => { status.textContent = ""; setTimeout(() => { status.textContent = text }, 50) }
  const touched = () => list.dispatchEvent(new Event("input", { bubbles: true }))
  const newName = () => [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("")

  // --- Rich text ---------------------------------------------------------------------------------------------------
  const editors = new WeakMap() // of each textarea, as a promise
  const build = async (textarea) => {
    textarea.dataset.mounted = "yes"
    const ready = new Promise((found) => {
      const hear = ({ detail }) => { if (detail.textarea === textarea) { document.removeEventListener("prose-editor:ready", hear); found(detail.editor) } }
      document.addEventListener("prose-editor:ready", hear)
    })
    const { createEditor } = await import("django-prose-editor/configurable")
    await createEditor(textarea, textarea.closest("[data-card]").dataset.card === "prose" ? rich.block : rich.item)
    const editor = await ready
    // The caret stays above the bar of buttons.
    const room = { top: 12, right: 5, bottom: (document.querySelector(".edition-buttons")?.offsetHeight ?? 0) + 24, left: 5 }
    editor.view.setProps({ scrollMargin: room, scrollThreshold: room })
    return editor
  }
  const mount = (textarea) => {
    if (!editors.has(textarea)) editors.set(textarea, build(textarea).catch((error) => { textarea.dataset.failed = "yes"; throw error }))
    return editors.get(textarea)
  }
  const enter = async (field) => {
    if (!field.matches("textarea[data-rich]")) return field.focus()
    sight.unobserve(field)
    // Until the editor is there the card holds the focus: what is pasted meanwhile is pasted into it.
    field.closest("[data-card]").querySelector("summary").focus({ preventScroll: true })
    ;(await mount(field)).commands.focus()
  }
  const sight = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) if (isIntersecting) { sight.unobserve(target); mount(target) }
  }, { rootMargin: "300px" })

  // --- One card ----------------------------------------------------------------------------------------------------
  const fill = (select) => {
    if (select.dataset.filled) return
    select.dataset.filled = "yes"
    const known = options[select.dataset.options]
    const now = select.value
    const entries = Object.entries(known)
    if (!(now in known)) entries.unshift([now, now || "---------"])
    select.replaceChildren(...entries.map(([value, label]) => new Option(label, value, value === now, value === now)))
  }

  const toolRow = (row) => { if (!row.querySelector(":scope > .row-tools")) row.append(part("row-tools")) }

  const prepare = (card) => {
    all("select[data-options]", card).forEach(fill)
    all("textarea[data-rich]:not([data-mounted])", card).forEach((textarea) => sight.observe(textarea))
    all("[data-row]", card).forEach(toolRow)
    for (const rows of all("[data-rows]", card)) if (!rows.nextElementSibling?.matches(".row-add")) rows.after(part("row-add"))
    const body = card.querySelector(".card-body")
    if (!body.querySelector(":scope > .card-foot")) body.append(part("foot"))
  }

  const lineOf = (card) => {
    const heading = card.querySelector('input[name$=".heading"]')?.value.trim()
    const text = card.querySelector("textarea[data-rich]")?.value ?? ""
    const plain = new DOMParser().parseFromString(text.replaceAll("<", " <"), "text/html").body.textContent.replace(/\s+/g, " ").trim()
    const own = card.querySelector(':is([name$=".label"], [name$=".caption"], [name$=".quote"])')?.value.trim()
    const item = all("[data-row] :is(input, textarea:not([data-rich]))", card).map((field) => field.value.trim()).find(Boolean)
    const chosen = card.querySelector("[data-file] select")?.selectedOptions[0]?.label
    const picked = all("select[data-options]:not([name$='.tone'])", card).filter((select) => select.value)
    const names = [...new Set(picked.map((select) => options[select.dataset.options]?.[select.value] ?? select.value))].join(", ")
    const short = (line) => (line.length > 80 ? `${line.slice(0, 79)}…` : line)
    return heading || short(own ?? "") || (chosen !== "---------" && chosen) || short(plain || names || item || "")
  }

  const decorate = (card) => {
    if (!card.querySelector(":scope > .card-tools")) card.querySelector("details").before(part("tools"))
    card.querySelector("details").addEventListener("toggle", ({ target }) => {
      if (target.open) prepare(card)
    })
  }

  const open = (card, focus = true) => {
    card.querySelector("details").open = true
    prepare(card)
    // A choice that is made already is passed over: letters typed there would choose another, and be gone.
    const fields = all(".card-body :is(input:not([type=hidden]), select, textarea)", card)
    if (focus) enter(fields.find((field) => !field.matches("select") || !field.value) ?? fields[0] ?? card.querySelector("summary"))
  }

  // --- The outline -------------------------------------------------------------------------------------------------
  const outline = () => {
    const nav = board.querySelector("[data-outline]")
    nav.hidden = !cards().length
    // Entries stay the elements that they are: one that went between press and release of the mouse would not be clicked.
    const entries = nav.firstElementChild
    while (entries.children.length > cards().length) entries.lastElementChild.remove()
    cards().forEach((card, index) => {
      const entry = entries.children[index] ?? entries.appendChild(document.createElement("li"))
      const link = entry.firstElementChild ?? entry.appendChild(document.createElement("a"))
      const kind = card.querySelector("summary b").textContent
      const line = card.querySelector("[data-line]").textContent || lineOf(card) || `${kind} (${words.empty})`
      link.href = `#${card.id}`
      link.title = kind
      if (link.textContent !== line) link.textContent = line
    })
    cards().forEach((card, index) => { card.querySelector("summary").dataset.place = index + 1 })
  }

  // Open comments below the form are told at the block that they are about.
  const commented = () => {
    all(".card-comments", board).forEach((old) => old.remove())
    const said = new Map()
    for (const link of all(".comment:not(.resolved) a[href^='#block-']")) said.set(link.hash, [...(said.get(link.hash) ?? []), link.closest(".comment").id])
    for (const [hash, ids] of said) {
      const card = document.getElementById(hash.slice(1))
      if (!card?.matches("[data-card]")) continue
      const link = Object.assign(document.createElement("a"), { className: "card-comments", href: `#${ids[0]}`, textContent: words.comments.replace("%s", ids.length) })
      card.append(link)
    }
  }

  const refresh = (card) => {
    if (card) card.querySelector("[data-line]").textContent = lineOf(card)
    outline()
  }

  // --- Moving, adding, taking out ----------------------------------------------------------------------------------
  const move = (card, step) => {
    const other = cards()[cards().indexOf(card) + step]
    if (!other) return
    step < 0 ? other.before(card) : other.after(card)
    moved(card)
  }
  const moved = (card) => {
    outline()
    touched()
    card.scrollIntoView({ block: "nearest" })
    say(words.moved.replace("%s", cards().indexOf(card) + 1).replace("%s", cards().length))
  }

  const rename = (card, name) => {
    card.id = `block-${name}`
    card.querySelector("input[name=blocks]").value = `${name}:${card.dataset.card}`
    for (const field of all("[name]:not([name=blocks])", card)) field.name = `${name}.${field.name.split(".").pop()}`
    return card
  }

  const place = (card, after) => {
    after ? after.after(card) : list.append(card)
    board.append(adder)
    here = null
    decorate(card)
    refresh(card)
    touched()
    open(card)
    card.scrollIntoView({ block: "nearest" })
    say(words.added)
  }

  const add = (kind) => place(rename(document.importNode(blank(kind), true), newName()), here)

  const valuesOf = (card) => {
    const values = {}
    for (const field of all("[name]:not([name=blocks])", card)) (values[field.name.split(".").pop()] ??= []).push(field.value)
    return { kind: card.dataset.card, values }
  }

  const made = ({ kind, values }) => {
    const card = rename(document.importNode(blank(kind), true), newName())
    for (const rows of all("[data-rows]", card)) {
      const row = rows.firstElementChild ?? rowOf(card, rows)
      const cells = all("[name]", row).map((field) => field.name.split(".").pop())
      const count = Math.max(0, ...cells.map((cell) => values[cell]?.length ?? 0))
      rows.replaceChildren(...Array.from({ length: count }, () => row.cloneNode(true)))
    }
    const used = {}
    for (const field of all("[name]:not([name=blocks])", card)) {
      const cell = field.name.split(".").pop()
      used[cell] ??= 0
      const value = values[cell]?.[used[cell]++] ?? ""
      if (field.matches("select")) field.replaceChildren(new Option(options[field.dataset.options]?.[value] ?? value, value, true, true))
      else field.value = value
    }
    return card
  }

  const remove = (card) => {
    if (card.contains(adder)) { board.append(adder); here = null }
    const undo = document.createElement("li")
    undo.className = "undo"
    all(".undo", board).forEach((old) => old.remove())
    card.replaceWith(undo)
    outline()
    touched()
    say(words.removed)
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: words.undo })
    button.addEventListener("click", () => {
      undo.replaceWith(card)
      outline()
      touched()
      card.querySelector("summary").focus()
    })
    undo.append(`${card.querySelector("summary b").textContent}: ${words.removed} `, button)
    button.focus()
  }

  const rowOf = (card, rows) => {
    const source = blank(card.dataset.card).querySelector(`[data-rows="${rows.dataset.rows}"] [data-row]`)
    const row = document.importNode(source, true)
    for (const field of all("[name]", row)) field.name = `${nameOf(card)}.${field.name.split(".").pop()}`
    return row
  }

  const deeds = {
    up: (card) => move(card, -1),
    down: (card) => move(card, 1),
    grip: () => {},
    remove,
    duplicate: (card) => place(made(valuesOf(card)), card),
    copy: (card) => {
      try { localStorage.setItem(COPIED, JSON.stringify(valuesOf(card))) } catch { return }
      offerPaste()
      say(words.copied)
      all(".card-said", board).forEach((old) => old.remove())
      const said = Object.assign(document.createElement("p"), { className: "card-said", textContent: words.copied })
      said.ariaHidden = "true" // the status has said it
      card.querySelector(".card-foot").after(said)
      setTimeout(() => said.remove(), 10000)
    },
    insert: (card) => { card.append(adder); here = card; adder.querySelector("button").focus() },
    "row-add": (card, button) => {
      const rows = button.previousElementSibling
      const row = rowOf(card, rows)
      rows.append(row)
      prepare(card)
      touched()
      setTimeout(() => row.querySelector("input, select, [contenteditable]")?.focus(), 60)
    },
    "row-up": (card, button) => moveRow(button, -1),
    "row-down": (card, button) => moveRow(button, 1),
    "row-remove": (card, button) => {
      const row = button.closest("[data-row]")
      const next = row.nextElementSibling ?? row.previousElementSibling ?? row.parentElement.nextElementSibling
      row.remove()
      touched();
      (next?.querySelector("[data-do=row-remove]") ?? next)?.focus()
    },
  }
  const moveRow = (button, step) => {
    const row = button.closest("[data-row]")
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling
    if (other) step < 0 ? other.before(row) : other.after(row)
    touched()
    button.focus()
  }

  const offerPaste = () => {
    let kept = null
    try { kept = JSON.parse(localStorage.getItem(COPIED)) } catch { /* nothing was copied */ }
    const good = kept && board.querySelector(`template[data-blank="${CSS.escape(String(kept.kind))}"]`)
    adder.querySelector("[data-paste]").hidden = !good
    return good ? kept : null
  }

  const press = (event) => {
    const button = event.target.closest("button")
    if (!button) return
    if (button.dataset.add) return add(button.dataset.add)
    if (button.matches("[data-paste]")) { const kept = offerPaste(); return kept && place(made(kept), here) }
    const deed = deeds[button.dataset.do]
    if (!deed) return
    deed(button.closest("[data-card]"), button)
    if (["up", "down"].includes(button.dataset.do)) button.focus()
  }

  // --- Dragging ----------------------------------------------------------------------------------------------------
  let dragged = null
  const dragging = () => {
    list.addEventListener("dragstart", (event) => {
      if (!event.target.closest?.("[data-do=grip]")) return
      dragged = event.target.closest("[data-card]")
      event.dataTransfer.setDragImage(dragged, 10, 10)
      event.dataTransfer.effectAllowed = "move"
      dragged.classList.add("dragged")
    })
    list.addEventListener("dragover", (event) => {
      const over = dragged && event.target.closest("[data-card]")
      if (!over) return
      event.preventDefault()
      if (over === dragged) return
      const box = over.getBoundingClientRect()
      event.clientY < box.top + box.height / 2 ? over.before(dragged) : over.after(dragged)
    })
    list.addEventListener("drop", (event) => event.preventDefault())
    list.addEventListener("dragend", () => {
      if (!dragged) return
      dragged.classList.remove("dragged")
      moved(dragged)
      dragged = null
    })
  }

  // --- Keys and addresses ------------------------------------------------------------------------------------------
  const key = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault()
      board.closest("form").requestSubmit(document.querySelector("[name=_draft]"))
    }
    const card = event.target.closest?.("[data-card]")
    if (!card || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return
    event.preventDefault()
    const focused = document.activeElement
    move(card, event.key === "ArrowUp" ? -1 : 1)
    focused?.focus()
  }
  // What is pasted while a card's editor is not there yet, or beside it, goes into it.
  const paste = async (event) => {
    const field = event.target.closest?.("[data-card]")?.querySelector("textarea[data-rich]")
    if (!field || event.target.closest("input, textarea, select, [contenteditable]")) return
    event.preventDefault()
    const html = event.clipboardData.getData("text/html"), text = event.clipboardData.getData("text/plain")
    const { view, commands } = await mount(field)
    commands.focus()
    html ? view.pasteHTML(html) : view.pasteText(text)
  }
  const jump = () => {
    const card = location.hash.startsWith("#block-") && document.getElementById(location.hash.slice(1))
    if (card && card.matches("[data-card]")) { open(card, false); card.scrollIntoView(); card.querySelector("summary").focus({ preventScroll: true }) }
  }

  const begin = () => {
    board = document.querySelector("[data-blocks]")
    if (!board) return
    list = board.querySelector("[data-cards]")
    adder = board.querySelector("[data-adder]")
    status = board.querySelector("[data-status]")
    words = board.querySelector("[data-words]").dataset
    options = JSON.parse(document.getElementById("block-options").textContent)
    rich = JSON.parse(document.getElementById("rich-config").textContent)
    cards().forEach(decorate)
    for (const card of cards()) if (card.querySelector("details").open) prepare(card)
    outline()
    commented()
    offerPaste()
    dragging()
    board.addEventListener("click", press)
    // A press in the list takes no focus from a text: that would draw cards and list anew before the button is let go.
    board.addEventListener("mousedown", (event) => { if (event.target.closest("[data-outline] a")) event.preventDefault() })
    board.addEventListener("click", (event) => {
      const entry = event.target.closest("[data-outline] a")
      if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      history.replaceState(null, "", entry.hash)
      jump()
    })
    list.addEventListener("change", (event) => { const card = event.target.closest("[data-card]"); if (card) refresh(card) })
    list.addEventListener("focusout", (event) => { const card = event.target.closest("[data-card]"); if (card) refresh(card) })
    addEventListener("storage", (event) => { if (event.key === COPIED) offerPaste() })
    document.addEventListener("waymark:file", ({ detail: { kind, key, name } }) => {
      options[kind][key] = name
      for (const select of all(`select[data-options=${kind}]`)) if (select.dataset.filled) select.add(new Option(name, key))
    })
    let later = 0
    list.addEventListener("input", (event) => {
      const card = event.target.closest("[data-card]")
      clearTimeout(later)
      if (card) later = setTimeout(() => refresh(card), 400)
    })
    list.addEventListener("paste", paste)
    list.addEventListener("waymark:put-back", (event) => {
      if (!event.target.matches("textarea[data-rich]")) return
      event.preventDefault()
      editors.get(event.target)?.then((editor) => editor.commands.setContent(event.target.value))
    })
    document.addEventListener("waymark:comments", commented)
    addEventListener("hashchange", jump)
    document.addEventListener("keydown", key)
    jump()
    document.dispatchEvent(new CustomEvent("waymark:cards", { detail: { board, cards, open, enter, mount, editors } }))
    board.dataset.ready = "yes"
  }
  document.addEventListener("DOMContentLoaded", begin)
}
