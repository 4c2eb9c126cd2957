// The editors make style elements while they run. The page's policy takes only those that carry its nonce.
{
  const { nonce } = document.currentScript
  const make = document.createElement.bind(document)
  document.createElement = (name, options) => {
    const element = make(name, options)
    if (String(name).toLowerCase() === "style") element.nonce = nonce
    return element
  }
}
