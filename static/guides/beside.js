// The preview beside the form: at the width of a phone or of a desk, in each language, made anew when text was kept. It
// stands at the block that is being written.
{
  const DESK = 1280
  const begin = () => {
    const panel = document.querySelector("[data-beside]")
    const opener = document.querySelector("[data-open-beside]")
    if (!panel || !opener) return
    const frame = panel.querySelector("iframe")
    const own = panel.querySelector("[data-side]").dataset.side, page = document.querySelector("[name=kept_as]")?.value ?? ""
    let address = own, wide = false
    opener.hidden = false

    const board = document.querySelector("[data-cards]")
    let writing = null, stands = null, scrolled = 0
    const place = () => {
      const cards = [...(board?.querySelectorAll("[data-card]") ?? [])]
      const card = cards.includes(writing) ? writing : cards.find((one) => one.getBoundingClientRect().bottom > 120)
      return cards.indexOf(card) + 1
    }
    const go = () => {
      const page = frame.contentDocument, now = place()
      const block = now > 1 && page?.getElementById(`block-${now}`)
      // Within the frame alone: `scrollIntoView` would move the panel, too, and cut its buttons.
      if (stands === now && scrolled) frame.contentWindow.scrollTo(0, scrolled)
      else if (block) frame.contentWindow.scrollTo(0, block.getBoundingClientRect().top + frame.contentWindow.scrollY)
      stands = now
    }
    frame.addEventListener("load", go)
    board?.addEventListener("focusin", ({ target }) => {
      writing = target.closest("[data-card]")
      if (!panel.hidden && place() !== stands) { scrolled = 0; go() }
    })

    // What is seen is not what stands in the form, until it was kept and drawn anew.
    const old = panel.querySelector("[data-old]")
    const tell = (words) => { if (old.textContent !== words) { old.textContent = words; fit() } }
    let asked = 0
    const show = async () => {
      const turn = ++asked, wanted = `${address}?beside=${address === own ? page : ""}`
      scrolled = frame.contentWindow?.scrollY ?? 0
      // The sign-in page is shown in no frame: the browser would say that it refused to connect.
      const answer = await fetch(wanted, { method: "HEAD", redirect: "manual" }).catch(() => null)
      if (turn !== asked) return
      if (!answer?.ok) return tell(old.dataset.lost)
      frame.addEventListener("load", () => { if (turn === asked) tell("") }, { once: true })
      frame.src = wanted
    }
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
      if (target.dataset.side) { stands = null; address = target.dataset.side; press("side", target); show() }
      if (target.dataset.width) { wide = target.dataset.width === "desk"; press("width", target); document.body.classList.toggle("with-desk", wide); fit() }
      if (target.matches("[data-close-beside]")) toggle(false)
    })
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") toggle(false) })
    addEventListener("resize", () => { if (!panel.hidden) fit() })
    document.addEventListener("waymark:kept", () => { if (!panel.hidden) show() })
    document.addEventListener("waymark:lost", () => { if (!panel.hidden) tell(old.dataset.lost) })
    for (const kind of ["input", "change"]) board?.closest("form").addEventListener(kind, () => { asked += 1; tell(old.dataset.older) })
    // A save makes the page anew: what stood beside it stands there again.
    const STOOD = "waymark-stood-beside"
    board?.closest("form").addEventListener("submit", ({ submitter }) => {
      if (panel.hidden || submitter?.name !== "_draft") return
      try { sessionStorage.setItem(STOOD, JSON.stringify({ path: location.pathname, at: Date.now(), wide, address })) } catch { /* it is closed then */ }
    })
    const standAgain = () => {
      let stood = null
      try { stood = JSON.parse(sessionStorage.getItem(STOOD)); sessionStorage.removeItem(STOOD) } catch { return }
      if (!stood || stood.path !== location.pathname || Date.now() - stood.at > 60000) return
      const pressed = [panel.querySelector(`[data-width=${stood.wide ? "desk" : "phone"}]`), [...panel.querySelectorAll("[data-side]")].find((side) => side.dataset.side === stood.address)]
      toggle(true)
      for (const button of pressed) button?.click()
    }
    standAgain()
  }
  document.addEventListener("DOMContentLoaded", begin)
}
