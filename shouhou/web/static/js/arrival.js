// Starts something for each element that matches a selector: those on the page now and those that htmx brings later.

const starters = [];

export function onArrival(selector, start) {
  const started = new WeakSet();
  const look = (root) => {
    const found = root.matches?.(selector) ? [root] : [];
    for (const element of [...found, ...root.querySelectorAll(selector)]) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  };
  starters.push(look);
  look(document);
}

new MutationObserver((changes) => {
  for (const { addedNodes } of changes) {
    for (const node of addedNodes) {
      if (node.nodeType === Node.ELEMENT_NODE) starters.forEach((look) => look(node));
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
