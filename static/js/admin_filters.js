// A list of filter choices closes when somebody clicks elsewhere or presses Escape.
{
  const close = (but) => {
    for (const filter of document.querySelectorAll("details.filter[open]")) if (filter !== but) filter.open = false
  }
  document.addEventListener("click", (event) => close(event.target.closest("details.filter")))
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    document.activeElement?.closest("details.filter[open]")?.querySelector("summary").focus()
    close(null)
  })
}
