// Names that Django's own pages do not give to their fields: cells of a table of rows by the head of their column, the
// search in a list of choices by its field, and what a help sign says as the sign's own name.
{
  const all = (selector, root) => [...root.querySelectorAll(selector)]
  const words = (element) => (element?.textContent ?? "").trim().replace(/\s+/g, " ").replace(/:$/, "")

  const cells = (root) => {
    for (const field of all(".tabular td :is(input:not([type=hidden]), select, textarea):not([aria-label])", root)) {
      const cell = field.closest("td")
      const heads = cell.closest("table").tHead?.rows[0]?.cells ?? []
      // Heads may span two columns: of the cells before this one the first is the row's own name.
      let column = 0
      for (const before of cell.parentElement.cells) { if (before === cell) break; column += before.colSpan }
      let at = 0
      const head = [...heads].find((each) => { at += each.colSpan; return at > column })
      const name = words(head)
      if (name) field.setAttribute("aria-label", name)
    }
  }
  const lists = (root) => {
    for (const field of all(".select2-search__field:not([aria-label])", root)) {
      const select = field.closest(".select2-container")?.previousElementSibling
      const name = select?.getAttribute("aria-label") || words(select?.id ? document.querySelector(`label[for="${CSS.escape(select.id)}"]`) : null)
      if (name) field.setAttribute("aria-label", name)
    }
    for (const list of all("ul.select2-selection__rendered:not([role])", root)) list.setAttribute("role", "presentation")
    for (const sign of all("span[aria-label]:not([role])", root)) sign.setAttribute("role", "img")
  }
  const name = () => { cells(document); lists(document) }
  document.addEventListener("DOMContentLoaded", () => {
    name()
    let waiting = 0
    new MutationObserver(() => { clearTimeout(waiting); waiting = setTimeout(name, 50) }).observe(document.body, { childList: true, subtree: true })
  })
}
