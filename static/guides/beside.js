// The preview beside the form: at the width of a phone or of a desk, in each language, made anew when text was kept.
{
  const DESK = 1280
  const begin = () => {
    const panel = document.querySelector("[data-beside]")
    const opener = document.querySelector("[data-open-beside]")
    if (!panel || !opener) return
    const frame = panel.querySelector("iframe")
    let address = panel.querySelector("[data-side]").dataset.side, wide = false
    opener.hidden = false

    const show = () => { frame.src = `${address}?beside` }
    const fit = () => {
      const room = panel.clientWidth
      const width = wide ? DESK : Math.min(390, room)
      const scale = Math.min(1, room / width)
      frame.style.width = `${width}px`
      frame.style.height = `${(panel.clientHeight - frame.offsetTop) / scale}px`
      frame.style.transform = `scale(${scale})`
    }
    const press = (name, button) => {
      for (const other of panel.querySelectorAll(`[data-${name}]`)) other.setAttribute("aria-pressed", String(other === button))
    }
    const toggle = (open) => {
      panel.hidden = !open
      document.body.classList.toggle("with-beside", open)
      opener.setAttribute("aria-expanded", String(open))
      if (open) { show(); fit() } else opener.focus()
    }
    opener.addEventListener("click", () => toggle(panel.hidden))
    panel.addEventListener("click", ({ target }) => {
      if (target.dataset.side) { address = target.dataset.side; press("side", target); show() }
      if (target.dataset.width) { wide = target.dataset.width === "desk"; press("width", target); document.body.classList.toggle("with-desk", wide); fit() }
      if (target.matches("[data-close-beside]")) toggle(false)
    })
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle(false) })
    addEventListener("resize", () => { if (!panel.hidden) fit() })
    document.addEventListener("waymark:kept", () => { if (!panel.hidden) show() })
  }
  document.addEventListener("DOMContentLoaded", begin)
}
