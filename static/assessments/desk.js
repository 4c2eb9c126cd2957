// Comforts of the questionnaire editor; every page works without them.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  // --- Drag a part to another place. The buttons do the same by keyboard. ---------------------------------------------
  let dragged = null
  for (const item of all("[data-part]")) {
    const grip = item.querySelector(".grip")
    if (!grip) continue
    grip.hidden = false
    grip.addEventListener("pointerdown", () => { item.draggable = true })
    item.addEventListener("dragstart", (event) => {
      dragged = item
      event.dataTransfer.effectAllowed = "move"
      event.dataTransfer.setData("text/plain", item.dataset.part)
      item.classList.add("is-dragged")
    })
    item.addEventListener("dragend", () => {
      item.draggable = false
      item.classList.remove("is-dragged")
      for (const other of all(".is-over")) other.classList.remove("is-over")
    })
    item.addEventListener("dragover", (event) => {
      if (dragged?.parentElement !== item.parentElement) return
      event.preventDefault()
      for (const other of all(".is-over")) other.classList.remove("is-over")
      item.classList.add("is-over")
    })
    item.addEventListener("drop", (event) => {
      if (!dragged || dragged === item || dragged.parentElement !== item.parentElement) return
      event.preventDefault()
      const form = dragged.querySelector("form")
      const to = document.createElement("input")
      to.type = "hidden"
      to.name = "to"
      // Dragged down, it takes the place before this one, which has moved up by one.
      const places = [...item.parentElement.children]
      const place = places.indexOf(item)
      to.value = places.indexOf(dragged) < place ? place - 1 : place
      form.append(to)
      form.submit()
    })
  }

  // --- A button that saved nothing: the keyboard goes to what it changed. ------------------------------------------------
  const changed = document.querySelector("[data-focus]")
  const goTo = () => {
    const place = document.getElementById(changed.dataset.focus)
    const button = place?.disabled ? place.parentElement.querySelector("button:not(:disabled)") : place
    button?.focus({ preventScroll: true })
    button?.scrollIntoView({ block: "center" })
  }
  if (changed) { goTo(); addEventListener("load", () => setTimeout(goTo)) }

  // --- Another question has other answers: fetch them at once. ---------------------------------------------------------
  for (const button of all("[data-refresher]")) button.hidden = true
  document.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-refresh]")
    select?.parentElement.querySelector("[data-refresher]")?.click()
  })

  // --- Whether anybody gets less takes seconds to know: it is asked for once nothing more is pressed. --------------------
  for (const place of all("[data-lower]")) setTimeout(async () => {
    const response = await fetch(place.dataset.lower)
    if (response.ok) place.innerHTML = await response.text()
    if (place.querySelector("strong")) place.closest(".desk-state").classList.add("is-troubled")
  }, 3000)

  // --- Try it: the panel follows every answer. -------------------------------------------------------------------------
  const show = async (panel, request) => {
    const focused = document.activeElement
    const open = all("details", panel).map((details) => details.open)
    const response = await fetch(request.url, { ...request, headers: { "X-Requested-With": "fetch" } })
    if (!response.ok) return
    panel.innerHTML = await response.text()
    all("details", panel).forEach((details, index) => { if (index in open) details.open = open[index] })
    ready(panel)
    const same = focused?.name && all("input", panel).find((one) => one.name === focused.name && one.value === focused.value)
    if (same) same.focus({ preventScroll: true })
    else if (focused && !document.contains(focused)) panel.querySelector("input:not([type=hidden])")?.focus({ preventScroll: true })
  }
  const ready = (panel) => { for (const button of all("[data-try-go]", panel)) button.hidden = true }

  for (const panel of all("[data-try]")) {
    ready(panel)
    panel.addEventListener("change", (event) => {
      const box = event.target
      const form = box.form
      if (!form) return
      if (box.type === "checkbox" && box.checked) {
        // “None of these” and “Not sure” stand alone.
        const alone = (one) => ["", "not_sure"].includes(one.value)
        for (const other of all("input[type=checkbox]", form)) {
          if (other !== box && other.name === box.name && (alone(box) || alone(other))) other.checked = false
        }
      }
      show(panel, { url: form.action, method: "POST", body: new FormData(form) })
    })
    panel.addEventListener("click", (event) => {
      const again = event.target.closest("[data-try-again]")
      if (!again) return
      event.preventDefault()
      show(panel, { url: again.href })
    })
  }
}
