// Writing guides by keyboard and with a screen reader: blocks and rows move with buttons, every editor has a name.
// Words come from the page (#editing-words), so that they are translated where all others are.
{
  const words = () => document.getElementById("editing-words")?.dataset ?? {}
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  // --- Rows of a block ---------------------------------------------------------------------------------------------
  const renumber = (list) => all("[data-row-place]", list).forEach((input, index) => { input.value = index + 1 })

  const enhance = (rows) => {
    if (rows.dataset.enhanced) return
    rows.dataset.enhanced = "yes"
    for (const button of all("button[hidden]", rows)) button.hidden = false
    for (const input of all("[data-row-place], [data-row-gone]", rows)) input.closest("label").hidden = true
    const label = rows.closest(".form-row")?.querySelector("label")
    if (label) rows.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""))
  }

  const emptied = (row) => {
    for (const editor of all(".prose-editor", row)) editor.replaceWith(editor.querySelector("textarea"))
    for (const input of all("input:not([data-row-place]), textarea, select", row)) {
      if (input.type === "checkbox") input.checked = false
      else { input.value = ""; if (input.tagName === "TEXTAREA") input.textContent = "" }
    }
    return row
  }

  const add = (rows) => {
    const list = rows.querySelector(".rows-list")
    const count = rows.querySelector("[data-rows-count]")
    const name = count.name.replace(/-count$/, "")
    const row = emptied(list.lastElementChild.cloneNode(true))
    const old = row.querySelector("[data-row-place]").name.slice(name.length + 1).split("-")[0]
    for (const element of [row, ...all("*", row)]) {
      for (const attribute of ["name", "id", "for"]) {
        const value = element.getAttribute(attribute)
        if (value) element.setAttribute(attribute, value.replace(`${name}-${old}-`, `${name}-${count.value}-`))
      }
    }
    count.value = Number(count.value) + 1
    list.append(row)
    renumber(list)
    window.django.jQuery(row).trigger("formset:added")
    row.querySelector("input, select, [contenteditable]")?.focus()
  }

  const moveRow = (row, step) => {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling
    if (!other) return
    step < 0 ? other.before(row) : other.after(row)
    renumber(row.parentElement)
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-add], [data-row-up], [data-row-down], [data-row-remove]")
    if (!button) return
    const rows = button.closest("[data-rows]")
    const row = button.closest("[data-row]")
    if (button.matches("[data-row-add]")) return add(rows)
    if (button.matches("[data-row-remove]")) {
      if (row.parentElement.children.length === 1) add(rows)
      const next = row.nextElementSibling ?? row.previousElementSibling
      row.remove()
      renumber(rows.querySelector(".rows-list"))
      return next?.querySelector("[data-row-remove]")?.focus()
    }
    moveRow(row, button.matches("[data-row-up]") ? -1 : 1)
    button.focus()
  })

  // --- Blocks ------------------------------------------------------------------------------------------------------
  const machine = () => document.querySelector(".order-machine")
  const blocks = () => all(":scope > .inline-related:not(.empty-form)", machine())
    .sort((a, b) => Number(a.style.order) - Number(b.style.order))

  // The editor orders blocks by style alone; the keyboard and screen readers follow the document, so it follows too.
  const arrange = (list) => list.forEach((block, index) => {
    const ordering = block.querySelector(".order-machine-ordering")
    if (!ordering) return
    block.style.order = ordering.value = 10 * (index + 1)
    machine().append(block)
  })

  const title = (block) => block.querySelector(":scope > h3")?.textContent.trim().replace(/\s+/g, " ") ?? ""

  const say = (text) => {
    const status = document.getElementById("editing-status")
    if (status) status.textContent = text
  }

  const moveBlock = (block, step) => {
    const list = blocks()
    const from = list.indexOf(block)
    const to = from + step
    if (to < 0 || to >= list.length) return
    list.splice(to, 0, list.splice(from, 1)[0])
    arrange(list)
    say((words().moved ?? "").replace("%s", to + 1).replace("%s", list.length))
  }

  const tool = (block, word, act) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = word
    button.setAttribute("aria-label", `${word}: ${title(block)}`)
    button.addEventListener("click", () => { act(button); button.focus() })
    return button
  }

  const decorate = (block) => {
    if (block.querySelector(":scope > .block-tools")) return
    const tools = document.createElement("div")
    tools.className = "block-tools"
    const fold = tool(block, words().fold, () => block.querySelector(":scope > h3 .inline_label").click())
    const show = () => fold.setAttribute("aria-expanded", String(!block.classList.contains("collapsed")))
    new MutationObserver(show).observe(block, { attributes: true, attributeFilter: ["class"] })
    show()
    tools.append(
      tool(block, words().up, () => moveBlock(block, -1)),
      tool(block, words().down, () => moveBlock(block, 1)),
      fold,
    )
    block.querySelector(":scope > h3").after(tools)
    all("[data-rows]", block).forEach(enhance)
  }

  const pressable = (element, label) => {
    element.setAttribute("role", "button")
    element.tabIndex = 0
    if (label) element.setAttribute("aria-label", label)
  }

  const refresh = () => {
    if (!machine()) return
    blocks().forEach(decorate)
    for (const target of all(".order-machine-insert-target")) pressable(target, words().insert)
    for (const button of all(".plugin-button[data-plugin-prefix]")) pressable(button)
  }

  document.addEventListener("content-editor:ready", () => { arrange(blocks()); refresh() })
  document.addEventListener("content-editor:activate", (event) => {
    if (!event.detail.inline.classList.contains("empty-form")) setTimeout(refresh)
  })
  for (const moved of ["drop", "dragend"]) {
    document.addEventListener(moved, () => machine() && setTimeout(() => arrange(blocks())))
  }
  document.addEventListener("keydown", (event) => {
    const target = event.target
    if (!["Enter", " "].includes(event.key)) return
    if (!target.matches(".order-machine-insert-target, .plugin-button[data-plugin-prefix]")) return
    event.preventDefault()
    target.click()
    if (target.matches(".order-machine-insert-target")) document.querySelector(".plugin-button:not(.content-editor-hide)[data-plugin-prefix]")?.focus()
  })

  // --- Names -------------------------------------------------------------------------------------------------------
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`)
    const view = editor.view.dom
    view.setAttribute("role", "textbox")
    view.setAttribute("aria-multiline", "true")
    view.setAttribute("aria-label", (label?.textContent ?? textarea.name).trim().replace(/:$/, ""))
    nameTools(view.closest(".prose-editor"))
  })

  // The tools draw an icon by writing its name as text; as generated content it is not read out beside the real name.
  // They are drawn again as the editor changes, so this looks again, too.
  const nameTools = (editor) => {
    const show = () => {
      for (const button of all(".prose-menubar__button", editor)) {
        if (button.classList.contains("material-icons") && button.ariaLabel && button.textContent) {
          button.dataset.icon = button.textContent
          button.textContent = ""
        }
        const disabled = String(button.classList.contains("disabled"))
        if (button.getAttribute("aria-disabled") !== disabled) button.setAttribute("aria-disabled", disabled)
      }
    }
    new MutationObserver(show).observe(editor, { subtree: true, childList: true, attributeFilter: ["class"] })
    show()
  }

  document.addEventListener("DOMContentLoaded", () => all("[data-rows]").forEach((rows) => {
    if (!rows.closest(".empty-form")) enhance(rows)
  }))
  // After a refused save or publish the reader and the screen reader begin where it says why.
  const troubles = () => document.querySelector("#stale, .errornote") ?? document.querySelector(`${location.hash === "#problems" ? "#problems" : "#none"}`)
  const show = () => { const place = troubles(); if (place) { place.tabIndex = -1; place.scrollIntoView({ block: "start" }); place.focus({ preventScroll: true }) } }
  window.addEventListener("load", () => setTimeout(show))
  // What is typed and not saved is not lost by a slip.
  let changed = false
  document.addEventListener("input", (event) => { if (event.target.closest("#content-main form")) changed = true })
  document.addEventListener("submit", () => { changed = false })
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault() })
}
