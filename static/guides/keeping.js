// What is typed into a draft is kept on the server a few seconds later, without a version of its own; the page says
// when it was kept, and who else has it open. A page that is left open tells so twice a minute.
{
  const begin = () => {
    const bar = document.querySelector("[data-keep]")
    if (!bar) return
    const form = bar.closest("form")
    const kept = bar.querySelector("[data-kept]"), also = document.querySelector("[data-also]")
    let waiting = 0, changed = false, leaving = false, sending = null

    const tell = async (body) => {
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
      try {
        const answer = await fetch(bar.dataset.keep, { method: "POST", body, redirect: "error" })
        if (!answer.ok) throw new Error(String(answer.status))
        const said = await answer.json()
        if (said.kept || body.has("blocks")) kept.textContent = said.kept
        also.textContent = said.others
        also.hidden = !said.others
        return true
      } catch {
        if (leaving) return false
        kept.textContent = bar.dataset.lost
        document.dispatchEvent(new Event("waymark:lost"))
        return false
      }
    }
    const bring = async () => { if (await tell(new FormData(form))) document.dispatchEvent(new Event("waymark:kept")) }
    const keep = () => { changed = false; clearTimeout(waiting); return (sending = bring().finally(() => { sending = null })) }
    // Somebody signs out in another tab: what was typed up to then is kept before.
    const line = new BroadcastChannel("signing-out")
    line.addEventListener("message", async ({ data }) => {
      if (data !== "leaving" || !(changed || sending)) return
      line.postMessage("wait")
      await (changed ? keep() : sending)
      line.postMessage("kept")
    })
    document.addEventListener("waymark:stayed", keep)
    const notice = ({ target }) => {
      if ((target.form ?? target.closest("form")) !== form) return
      if (kept.dataset.saved) { delete kept.dataset.saved; kept.textContent = bar.dataset.unsaved } // true of older words
      changed = true
      clearTimeout(waiting); waiting = setTimeout(keep, document.body.classList.contains("with-beside") ? 1000 : 3000)
    }
    // Heard at the page: the boxes of a comment belong to the form and stand below it.
    document.addEventListener("input", notice)
    document.addEventListener("change", notice)
    form.addEventListener("submit", () => { leaving = true; clearTimeout(waiting) })
    document.addEventListener("visibilitychange", () => { if (document.hidden && changed && !leaving) keep() })
    // Colleagues see at once that this page is closed, and nothing that comes after says that it is open. What was typed
    // last goes with it. A save opens the page again by itself.
    addEventListener("pagehide", () => {
      if (leaving) return
      leaving = true
      clearTimeout(waiting)
      const body = changed ? new FormData(form) : new FormData()
      body.set("left", "yes")
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
      // A long text is more than a beacon may carry.
      if (!navigator.sendBeacon(bar.dataset.keep, body)) fetch(bar.dataset.keep, { method: "POST", body }).catch(() => {})
    })
    addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; tell(new FormData()) } })

    const copies = (part) => {
      for (const button of part.querySelectorAll("[data-copy]")) {
        button.hidden = !navigator.clipboard
        button.addEventListener("click", async () => {
          await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
          button.textContent = button.dataset.done
        })
      }
    }
    // Comments and links to the draft are sent, and the offer of kept text is put aside, without leaving the page: what
    // stands in the form stays there.
    const send = (address, body) => fetch(address, { method: "POST", body }).then((answer) => answer.text())
    const aside = async (section, sent, pressed) => {
      const own = pressed?.dataset.send, at = pressed?.closest("article")?.id
      const typed = () => ["comment_text", "comment_block"].map((name) => [name, section.querySelector(`[name=${name}]`)]).filter(([, box]) => box)
      const body = own ? new FormData() : new FormData(sent, pressed)
      if (own) for (const [name, box] of [...typed(), ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken]]) body.set(name, box.value)
      const say = (...said) => { section.querySelector("[data-said]").replaceChildren(...said) }
      try {
        const answer = new DOMParser().parseFromString(await send(own ?? sent.action, body), "text/html")
        const fresh = answer.getElementById(section.id), said = answer.querySelector(".messagelist li")
        if (!fresh) throw new Error("signed out")
        if (said) fresh.querySelector("[data-said]").replaceChildren(...said.childNodes)
        if (said?.matches(".error")) return say(...fresh.querySelector("[data-said]").childNodes)
        if (!own) for (const [name, box] of typed()) fresh.querySelector(`[name=${name}]`).value = box.value
        section.replaceWith(fresh)
        copies(fresh)
        if (own) keep() // what was kept has the comment in it
        document.querySelectorAll("[data-open-comments]").forEach((old, place) => {
          old.replaceWith(answer.querySelectorAll("[data-open-comments]")[place] ?? "")
        })
        document.dispatchEvent(new Event("waymark:comments"))
        const place = (at && fresh.querySelector(`#${at} button`)) || fresh.querySelector("textarea") || fresh.querySelector("button")
        place.focus({ preventScroll: true })
      } catch {
        say(bar.dataset.lost)
      }
    }
    document.addEventListener("submit", (event) => {
      const section = (event.submitter ?? event.target).closest("section.comments")
      if (!section) return
      event.preventDefault()
      event.stopPropagation() // the guide's form, to which the boxes belong, stays
      aside(section, event.target, event.submitter)
    }, true)
    for (const button of document.querySelectorAll("[data-discard-kept]")) button.addEventListener("click", async (event) => {
      event.preventDefault()
      const body = new FormData()
      body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
      body.set(button.name, button.value)
      try { await send(button.formAction, body); button.closest(".kept-text").remove() } catch { return (kept.textContent = bar.dataset.lost) }
      document.dispatchEvent(new CustomEvent("waymark:discarded", { detail: button.value }))
    })
    // What was typed since the page was opened is offered beside what is put back.
    for (const link of document.querySelectorAll(".kept-text a[href^='?kept=']")) link.addEventListener("click", async (event) => {
      if (!changed) return
      event.preventDefault()
      await keep()
      location.assign(link.href)
    })
    copies(document)
    setInterval(() => { if (!document.hidden && !leaving) tell(new FormData()) }, 30000)
  }
  document.addEventListener("DOMContentLoaded", begin)
}
