// Files of the library: shown where they are chosen, taken by button or drop. Where scripts do not run, files are
// added in the library and chosen by name.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  // --- The library's own page: a file field that takes what is dropped on it ---------------------------------------
  const takesDrops = (field) => {
    const place = field.closest("[data-drop-here]") ?? field.parentElement
    const over = (on) => place.classList.toggle("drop-over", on)
    place.addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) { event.preventDefault(); over(true) } })
    place.addEventListener("dragleave", () => over(false))
    place.addEventListener("drop", (event) => {
      over(false)
      if (!event.dataTransfer.files.length) return
      event.preventDefault()
      field.files = event.dataTransfer.files
      field.dispatchEvent(new Event("change", { bubbles: true }))
    })
  }

  // --- In a draft: each choice of a file has a small picture beside it, and a button for a new file ----------------
  let dialog, board, known, back
  const kindOf = (choice) => choice.dataset.file
  const show = (choice) => {
    let view = choice.nextElementSibling
    if (!view?.matches(".file-choice")) {
      view = board.querySelector("template[data-file-choice]").content.firstElementChild.cloneNode(true)
      choice.after(view)
      view.querySelector("button").addEventListener("click", () => ask(choice))
      choice.closest("[data-card]").addEventListener("dragover", (event) => { if (event.dataTransfer.types.includes("Files")) event.preventDefault() })
      choice.closest("[data-card]").addEventListener("drop", (event) => {
        if (!event.dataTransfer.files.length) return
        event.preventDefault()
        ask(choice, event.dataTransfer.files)
      })
    }
    const small = known[choice.querySelector("select").value]
    const image = view.querySelector("img")
    image.hidden = !small
    if (small) image.src = small
  }

  const ask = (choice, files) => {
    back = choice
    const form = dialog.querySelector("form")
    form.reset()
    all("[data-error]", form).forEach((line) => { line.textContent = "" })
    all("[data-for-pictures]", form).forEach((line) => { line.hidden = kindOf(choice) !== "picture" })
    if (files) { form.elements.file.files = files; nameAfterFile(form) }
    dialog.showModal()
  }
  const nameAfterFile = (form) => {
    const { file, name } = form.elements
    // A name that somebody typed stays; one that was made from another file does not.
    if (!file.files[0] || (name.value && name.value !== form.dataset.made)) return
    form.dataset.made = name.value = file.files[0].name.replace(/\.[^.]*$/, "").replace(/[-_]+/g, " ")
  }
  const send = async (event) => {
    event.preventDefault()
    const form = event.target, button = form.querySelector("button")
    const body = new FormData(form)
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value)
    all("[data-error]", form).forEach((line) => { line.textContent = "" })
    const file = form.elements.file.files[0]
    if (file && (file.type === "application/pdf" || /\.pdf$/i.test(file.name)) !== (kindOf(back) === "document")) {
      form.querySelector("[data-error=file]").textContent = kindOf(back) === "document" ? dialog.dataset.noDocument : dialog.dataset.noPicture
      return form.elements.file.focus()
    }
    button.disabled = true
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "error" })
      const said = await answer.json()
      if (answer.ok) return take(said)
      for (const [name, sentences] of Object.entries(said.errors)) (form.querySelector(`[data-error=${name}]`) ?? form.querySelector("[data-error=all]")).textContent = sentences.join(" ")
      form.elements[Object.keys(said.errors)[0]]?.focus?.()
    } catch {
      form.querySelector("[data-error=all]").textContent = dialog.dataset.lost
    } finally {
      button.disabled = false
    }
  }
  const take = ({ key, name, kind, small }) => {
    known[key] = small
    dialog.querySelector("form").dispatchEvent(new Event("waymark:arrived", { bubbles: true }))
    document.dispatchEvent(new CustomEvent("waymark:file", { detail: { kind, key, name } }))
    const select = back.querySelector("select")
    if (kind === kindOf(back)) {
      select.value = key
      select.dispatchEvent(new Event("input", { bubbles: true }))
      select.dispatchEvent(new Event("change", { bubbles: true }))
    }
    dialog.close()
    show(back)
    select.focus()
  }

  const begin = () => {
    all("input[type=file][data-drop]").forEach(takesDrops)
    board = document.querySelector("[data-blocks]")
    dialog = document.querySelector("dialog[data-new-file]")
    if (!board || !dialog) return
    known = JSON.parse(document.getElementById("file-pictures").textContent)
    dialog.querySelector("form").addEventListener("submit", send)
    dialog.querySelector("[name=file]").addEventListener("change", (event) => nameAfterFile(event.target.form))
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close())
    board.addEventListener("change", ({ target }) => { const choice = target.closest("[data-file]"); if (choice) show(choice) })
    board.addEventListener("toggle", ({ target }) => { if (target.open) all("[data-file]", target).forEach(show) }, true)
    all("details[open] [data-file]", board).forEach(show)
  }
  document.addEventListener("DOMContentLoaded", begin)
}
