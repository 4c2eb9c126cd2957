// Where an editor lands among the cards: at the box that a suggestion names, and where a saved draft was left.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  const begin = ({ detail: { board, cards, open, enter, mount, editors } }) => {
    // From “Fix: Block 4: “Heading” is empty” to the box that it names, else to the first that is empty.
    const mend = (link) => {
      const card = document.getElementById(link.hash.slice(1))
      if (!card?.matches("[data-card]")) return
      open(card, false)
      const fields = all(".card-body :is(input:not([type=hidden]), select, textarea)", card)
      const named = [...link.textContent.matchAll(/“([^”]+)”/g)].map((found) => found[1])
      const labelOf = (field) => (field.ariaLabel ?? field.labels?.[0]?.textContent ?? field.closest("label")?.textContent ?? "").trim()
      const wanted = fields.filter((field) => named.some((name) => labelOf(field).startsWith(name)))
      const quoting = fields.find((field) => named.some((name) => field.value === name)) // it names what stands in the box
      const telling = fields.find((field) => named.some((name) => field.value.includes(name)))
      const place = quoting ?? wanted.find((field) => !field.value) ?? wanted[0] ?? telling ?? fields.find((field) => !field.value)
      card.scrollIntoView()
      enter(place ?? card.querySelector(".row-add") ?? card.querySelector("summary"))
    }
    // A draft that was saved opens again where it was left.
    const LEFT = "waymark-left-at"
    const boxOf = (field) => field?.closest(".cell, .form-row") ?? field
    // Other editors are built above it, and change the height of the page: it stays where it was until somebody moves.
    const hold = (field, top) => {
      const box = boxOf(field)
      const put = () => scrollBy({ top: box.getBoundingClientRect().top - top, behavior: "instant" })
      const watch = new ResizeObserver(put), stop = () => watch.disconnect()
      for (const part of [box, board, board.closest("form")]) watch.observe(part)
      for (const kind of ["wheel", "pointerdown", "touchmove"]) addEventListener(kind, stop, { once: true, passive: true })
      addEventListener("keydown", ({ key }) => { if (/^(Page|Arrow|Home|End|Tab)/.test(key)) stop() })
      setTimeout(stop, 5000)
      put()
    }
    const leave = (event) => {
      if (event.submitter?.name !== "_draft") return
      const focused = document.activeElement
      const box = focused.closest?.(".prose-editor")
      const field = box ? box.querySelector("textarea") ?? box.parentElement.querySelector("textarea[data-rich]") : focused
      const names = field?.name ? all(`[name="${CSS.escape(field.name)}"]`) : []
      const open_now = cards().filter((card) => card.querySelector("details").open).map((card) => card.id)
      const top = boxOf(field)?.getBoundingClientRect().top
      const write = (from, to = from) => sessionStorage.setItem(LEFT, JSON.stringify({ path: location.pathname, at: Date.now(), y: scrollY, top, open: open_now, name: names.length ? field.name : "", place: names.indexOf(field), from, to }))
      try { write(field?.selectionStart, field?.selectionEnd) } catch { return }
      if (box && editors.has(field)) editors.get(field).then((editor) => write(editor.state.selection.from))
    }
    const comeBack = () => {
      let left = null
      try { left = JSON.parse(sessionStorage.getItem(LEFT)); sessionStorage.removeItem(LEFT) } catch { return }
      if (!left || left.path !== location.pathname || Date.now() - left.at > 60000 || document.querySelector("#stale, .errornote")) return
      for (const id of left.open) { const card = document.getElementById(id); if (card) open(card, false) }
      const said = all(".messagelist li").map((line) => line.textContent.trim()).join(" "), bar = document.querySelector(".edition-buttons [data-kept]")
      if (said && bar) { bar.textContent = said; bar.dataset.saved = "yes" }
      const field = left.name && all(`[name="${CSS.escape(left.name)}"]`)[left.place]
      let moved_on = false // whoever already does something else stays there
      for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => { moved_on = true }, { once: true, capture: true })
      addEventListener("load", () => setTimeout(async () => {
        if (moved_on) return
        if (!field) return scrollTo(0, left.y)
        hold(field, left.top ?? 0)
        if (!field.matches("textarea[data-rich]")) {
          field.focus({ preventScroll: true })
          return left.from == null ? undefined : field.setSelectionRange?.(left.from, left.to)
        }
        const editor = await mount(field)
        if (moved_on) return
        if (left.from) editor.commands.setTextSelection(left.from)
        editor.view.dom.focus({ preventScroll: true })
      }))
    }
    board.closest("form").addEventListener("submit", leave)
    document.getElementById("problems")?.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#block-']")
      if (!link) return
      event.preventDefault() // or the card's own title would take the focus
      history.replaceState(null, "", link.hash)
      mend(link)
    })
    comeBack()
  }
  document.addEventListener("waymark:cards", begin)
}
