// Every editor of rich text has a name and tools that a screen reader can tell; a refused page begins where it says why.
{
  const all = (selector, root = document) => [...root.querySelectorAll(selector)]

  // --- Names -------------------------------------------------------------------------------------------------------
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    const label = textarea.id && document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`)
    const view = editor.view.dom
    view.setAttribute("role", "textbox")
    view.setAttribute("aria-multiline", "true")
    view.setAttribute("aria-label", (textarea.ariaLabel ?? (label ? label.textContent : textarea.name)).trim().replace(/:$/, ""))
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

  // After a refused save the reader and the screen reader begin where it says why.
  const troubles = () => document.querySelector("#stale, .errornote")
  const show = () => { const place = troubles(); if (place) { place.tabIndex = -1; place.scrollIntoView({ block: "start" }); place.focus({ preventScroll: true }) } }
  window.addEventListener("load", () => setTimeout(show))
  // Ctrl+S saves and stays, also where there are no cards, which have a key of their own.
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s" || document.querySelector("[data-blocks]")) return
    const save = document.querySelector("#content-main form [name=_continue], #content-main form [name=_save]")
    if (save) { event.preventDefault(); save.click() }
  })

  // What is typed and not saved is not lost by a slip.
  // Sending one form does not save another one of the page.
  // A comment is sent with the guide's form, and alone; a window over the page loses nothing when the page goes.
  const changed = new Set(), COMMENT = "comment"
  // An editor may still tell of a change while its form is on the way: that is sent, too.
  const sent = new WeakMap(), ON_THE_WAY = 10000
  document.addEventListener("input", (event) => {
    if (event.target.matches("section.comments *")) return changed.add(COMMENT)
    const form = event.target.closest("#content-main form")
    if (form && !form.closest("dialog") && !(Date.now() - sent.get(form) < ON_THE_WAY)) changed.add(form)
  })
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return
    changed.delete(event.target)
    if (event.target.querySelector("[data-blocks]")) changed.delete(COMMENT)
    sent.set(event.target, Date.now())
  })
  document.addEventListener("waymark:comments", () => { if (!document.querySelector("[name=comment_text]")?.value) changed.delete(COMMENT) })
  window.addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault() })
}
