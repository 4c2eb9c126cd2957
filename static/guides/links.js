// Where the editor asks for a link's address, a search beside it finds guides, levels, words, programs and files. Keys:
// arrows choose, Enter takes. Without it the names stand in a list above the form.
{
  let serial = 0
  const made = (tag, values, ...children) => { const element = Object.assign(document.createElement(tag), values); element.append(...children); return element }

  const search = (dialog, address) => {
    const words = document.querySelector("template[data-link-words]").dataset
    const id = `link-search-${++serial}`
    const field = made("input", { type: "text", id, autocomplete: "off" })
    const list = made("ul", { className: "link-found", id: `${id}-list`, hidden: true })
    const said = made("span", { className: "link-said", id: `${id}-said` })
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", "aria-describedby": said.id })) field.setAttribute(name, value)
    list.setAttribute("role", "listbox")
    list.setAttribute("aria-label", words.label)
    said.setAttribute("role", "status")
    said.textContent = words.help
    const box = made("div", { className: "prose-editor-dialog-field link-search" }, made("label", { htmlFor: id, textContent: words.label }), field, said, list)
    address.closest(".prose-editor-dialog-field").after(box)

    let here = -1, waiting = 0, asked = 0
    const entries = () => [...list.children]
    const open = (shown) => { list.hidden = !shown; field.setAttribute("aria-expanded", String(shown)) }
    const mark = (at) => {
      here = at
      entries().forEach((entry, place) => entry.setAttribute("aria-selected", String(place === at)))
      if (at >= 0) { field.setAttribute("aria-activedescendant", entries()[at].id); entries()[at].scrollIntoView({ block: "nearest" }) } else field.removeAttribute("aria-activedescendant")
    }
    const take = (entry) => {
      address.value = entry.dataset.link
      address.dispatchEvent(new Event("input", { bubbles: true }))
      field.value = entry.dataset.label
      said.textContent = entry.dataset.link
      open(false)
      address.focus()
    }
    const show = (found) => {
      list.replaceChildren(...found.map(({ link, label, kind }, place) => {
        const entry = made("li", { id: `${id}-${place}` }, made("b", { textContent: label }), ` ${kind}`)
        entry.setAttribute("role", "option")
        Object.assign(entry.dataset, { link, label })
        return entry
      }))
      said.textContent = found.length ? "" : words.none
      open(found.length > 0)
      mark(-1)
    }
    const ask = async () => {
      const turn = ++asked
      if (!field.value.trim()) return show([])
      const language = document.querySelector("[data-blocks]").dataset.language
      try {
        const answer = await fetch(`${words.find}?${new URLSearchParams({ q: field.value, language })}`, { redirect: "error" })
        const { found } = await answer.json()
        if (turn === asked) show(found)
      } catch { said.textContent = words.lost; open(false) }
    }
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150) })
    field.addEventListener("keydown", (event) => {
      const count = entries().length
      if (["ArrowDown", "ArrowUp"].includes(event.key) && count) { event.preventDefault(); mark((here + (event.key === "ArrowDown" ? 1 : -1) + count) % count) }
      else if (event.key === "Enter" && !list.hidden) { event.preventDefault(); take(entries()[Math.max(here, 0)]) }
      else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); event.stopPropagation(); open(false) }
    })
    list.addEventListener("mousedown", (event) => event.preventDefault())
    list.addEventListener("click", ({ target }) => { const entry = target.closest("li"); if (entry) take(entry) })
  }

  // The package has words of its own, in English, and a title of the link that no page keeps.
  const named = (dialog, address) => {
    const words = document.querySelector("template[data-link-words]").dataset
    dialog.classList.add("link-dialog")
    dialog.querySelector(".prose-editor-dialog-title").textContent = address.value ? words.change : words.new
    dialog.querySelector(`label[for="${address.id}"]`).textContent = words.address
    const title = dialog.querySelector("input[name=title]") // the package reads it: it is out of sight, and stays
    if (title) title.closest(".prose-editor-dialog-field").hidden = true
    for (const [place, button] of [...dialog.querySelectorAll("button")].entries()) button.textContent = [words.set, words.cancel][place] ?? button.textContent
  }

  // The editor makes its dialog when it is asked for, and shows it at once.
  const look = (changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) {
      const dialog = node.querySelector?.("dialog.prose-editor-dialog")
      const address = dialog?.querySelector("input[name=href]")
      if (address && !dialog.querySelector(".link-search")) { named(dialog, address); search(dialog, address) }
    }
  }
  document.addEventListener("DOMContentLoaded", () => {
    const board = document.querySelector("[data-blocks]")
    if (board) new MutationObserver(look).observe(board, { subtree: true, childList: true })
  })
}
