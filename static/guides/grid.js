// The long text of a cell gets its editor when it is opened; Ctrl+S saves; a cell that an address names is opened.
{
  const mount = async (textarea, config) => {
    if (textarea.dataset.mounted || textarea.readOnly) return
    textarea.dataset.mounted = "yes"
    const { createEditor } = await import("django-prose-editor/configurable")
    await createEditor(textarea, config)
  }
  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-grid]")
    if (!form) return
    const config = JSON.parse(document.getElementById("rich-config").textContent)
    const ready = (details) => { if (details.open) mount(details.querySelector("[data-grid-text]"), config) }
    form.addEventListener("toggle", ({ target }) => ready(target), true)
    form.querySelectorAll("details[open]").forEach(ready)
    const jump = () => { const cell = location.hash ? document.getElementById(location.hash.slice(1)) : null; if (cell?.matches("td")) { cell.querySelector("details").open = true; cell.querySelector("input[type=text]").focus() } }
    addEventListener("hashchange", jump)
    jump()
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit() }
    })
  })
}
