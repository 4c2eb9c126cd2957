// What is pasted from Word, a mail or the web keeps its headings, lists, tables and links. What a guide cannot hold is
// left out, and the page says so.
{
  const all = (selector, root) => [...root.querySelectorAll(selector)]
  const renamed = (element, name) => {
    const fresh = element.ownerDocument.createElement(name)
    for (const span of ["colspan", "rowspan"]) if (element.hasAttribute(span)) fresh.setAttribute(span, element.getAttribute(span))
    fresh.append(...element.childNodes)
    element.replaceWith(fresh)
    return fresh
  }
  const unwrapped = (element) => element.replaceWith(...element.childNodes)

  // Word writes a list as paragraphs, each with its level and the sign that stood before it.
  const wordLists = (body) => {
    const isItem = (element) => element.nodeType === 1 && /mso-list:\s*l\d+ level\d/i.test(element.getAttribute("style") ?? "")
    for (const first of all("p, h1, h2, h3, h4", body).filter(isItem)) {
      if (!first.isConnected) continue
      const run = []
      for (let item = first; item && isItem(item); item = item.nextElementSibling) run.push(item)
      const signOf = (item) => all("span", item).find((span) => /mso-list:\s*Ignore/i.test(span.getAttribute("style") ?? ""))
      const stack = [], keys = new Map()
      const top = body.ownerDocument.createElement("div")
      for (const item of run) {
        const depth = Number(/level(\d)/i.exec(item.getAttribute("style"))[1])
        const sign = signOf(item)
        const kind = /^[\s(]*([0-9]+|[a-z]{1,3})[.)]/i.test(sign?.textContent ?? "") ? "ol" : "ul"
        sign?.remove()
        while (stack.length > depth) stack.pop()
        // Of another kind or another list of Word's, it begins a list of its own.
        const key = `${kind} ${/mso-list:\s*(l\d+)/i.exec(item.getAttribute("style"))[1]}`
        if (stack.length === depth && keys.get(stack.at(-1)) !== key) stack.pop()
        while (stack.length < depth) {
          const list = body.ownerDocument.createElement(kind)
          const under = stack.at(-1)?.lastElementChild ?? stack.at(-1) ?? top
          under.append(list)
          keys.set(list, key)
          stack.push(list)
        }
        const entry = body.ownerDocument.createElement("li"), line = body.ownerDocument.createElement("p")
        line.append(...item.childNodes)
        entry.append(line)
        stack.at(-1).append(entry)
      }
      first.before(...top.childNodes)
      run.forEach((item) => item.remove())
    }
  }

  // What the letters look like is left; what they mean, bold and slanted, is kept.
  const marks = (body) => {
    for (const element of all("b, strong", body)) if (/(?<!-)font-weight:\s*(normal|400)/i.test(element.getAttribute("style") ?? "")) unwrapped(element)
    for (const element of all("span", body)) {
      const style = element.getAttribute("style") ?? ""
      const bold = /(?<!-)font-weight:\s*(bold|[6-9]00)/i.test(style), slanted = /font-style:\s*italic/i.test(style)
      if (slanted) renamed(element, "em")
      else if (bold) renamed(element, "strong")
    }
  }

  const cleaned = (html, words) => {
    const body = new DOMParser().parseFromString(html, "text/html").body
    const dropped = new Set()
    const drop = (selector, name) => { const found = all(selector, body); if (found.length) dropped.add(words[name]); found.forEach((element) => element.remove()) }
    drop("script, style, iframe, object, embed, video, audio, form, input, select, textarea, button, svg, canvas", "code")
    drop("[style*='mso-element:comment'], a[href^='#_msocom'], .msocomtxt, .MsoCommentReference, del", "comments")
    for (const raised of all("sup", body)) if (/^\s*\[?\d{1,3}\]?\s*$/.test(raised.textContent)) raised.dataset.note = ""
    drop("a:is([href*='#_ftn'], [href*='#_edn'], [href*='#ftnt'], [href*='#sdfootnote'], [href*='#sdendnote']), [style*='mso-element:footnote'], [style*='mso-element:endnote'], [data-note]", "notes")
    const lines = all("img, picture, [class*='imagedata']", body).map((picture) => picture.closest("p, h1, h2, h3, h4, h5, h6, div")).filter(Boolean)
    drop("img, picture, [class*='imagedata']", "images")
    if (/(color|font-family|font-size|background)\s*:/i.test(html)) dropped.add(words.styles)
    all("*", body).filter((element) => element.localName.includes(":")).forEach(unwrapped)
    for (const line of lines) if (!line.textContent.trim() && !line.querySelector("table, li")) line.remove() // it held a picture alone
    wordLists(body)
    marks(body)
    const others = all("h1, h4, h5, h6", body)
    const lowest = Math.min(...all("h1, h2, h3, h4, h5, h6", body).map((heading) => Number(heading.localName[1])))
    for (const heading of others) renamed(heading, Number(heading.localName[1]) <= lowest ? "h2" : "h3")
    if (others.some((heading) => heading.localName !== "h1")) dropped.add(words.headings)
    for (const link of all("a:not([href])", body)) unwrapped(link)
    for (const row of all("thead, tfoot", body)) {
      const table = row.closest("table")
      for (const cell of all("td", row)) if (row.localName === "thead") renamed(cell, "th")
      const rows = [...row.children]
      const inside = table.querySelector("tbody") ?? table.appendChild(body.ownerDocument.createElement("tbody"))
      row.localName === "thead" ? inside.prepend(...rows) : inside.append(...rows)
      row.remove()
    }
    // Word and mails mark no heading row: the first of several rows is taken for one, if its cells are filled; above a
    // column of names the first cell is often empty.
    let headed = false
    for (const table of all("table", body)) {
      const rows = all("tr", table), first = rows.length > 1 ? all("td, th", rows[0]) : []
      if (!first.length || all("th", table).length || first.every((cell) => !cell.textContent.trim()) || first.slice(1).some((cell) => !cell.textContent.trim())) continue
      first.forEach((cell) => renamed(cell, "th"))
      headed = true
    }
    for (const element of all("[style], [class]", body)) { element.removeAttribute("style"); element.removeAttribute("class") }
    const [mark = ""] = /\[\d{1,3}\]/.exec(body.textContent) ?? []
    return { html: body.innerHTML, dropped: [...dropped], headed, mark }
  }

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    const template = document.querySelector("template[data-paste-words]")
    if (!template) return
    const words = template.dataset
    const view = editor.view
    view.setProps({
      transformPastedHTML: (html) => {
        // What comes from one of our own editors is as it should be.
        if (html.includes("data-pm-slice")) return html
        const { html: kept, dropped, headed, mark } = cleaned(html, words)
        tell(view.dom.closest(".prose-editor"), [words.kept, headed ? words.headed : "", dropped.length ? words.dropped.replace("%s", dropped.join("; ")) : "", mark && words.mark.replace("%s", mark)].filter(Boolean).join(" "), headed && { words: words.unhead, press: () => ordinary(editor) })
        return kept
      },
    })
  })
  // A picture from a screen or a folder comes as a file: no text takes it, and the page says where it goes.
  document.addEventListener("paste", (event) => {
    const card = event.target.closest?.("[data-card]"), data = event.clipboardData
    const words = document.querySelector("template[data-paste-words]")?.dataset
    if (!card || !words || data.types.some((type) => type.startsWith("text/"))) return
    if (![...data.files].some((file) => file.type.startsWith("image/"))) return
    event.preventDefault()
    event.stopPropagation()
    tell(event.target.closest(".prose-editor") ?? card.querySelector(".prose-editor") ?? card.querySelector(".card-body").lastElementChild, words.file)
  }, true)

  // The first row of the last table before the caret, as an ordinary row. Undo makes it headings again.
  const ordinary = (editor) => {
    let place = null
    editor.state.doc.descendants((node, at) => { if (node.type.name === "table" && at <= editor.state.selection.to) place = at })
    if (place !== null) editor.chain().focus().setTextSelection(place + 4).toggleHeaderRow().run()
  }
  const pressed = (more) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: more.words })
    button.addEventListener("click", () => { button.remove(); more.press() })
    return button
  }
  const tell = (editor, text, more) => {
    let line = editor.nextElementSibling
    if (!line?.matches(".pasted")) {
      line = document.createElement("p")
      line.className = "pasted"
      line.setAttribute("role", "status")
      editor.after(line)
    }
    setTimeout(() => {
      line.textContent = text
      if (more) line.append(" ", pressed(more))
      line.scrollIntoView({ block: "nearest" })
    })
  }
}
