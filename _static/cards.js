// Shows what a term means beside a link to it: on hover, on keyboard focus, and at the first tap of a finger.
// Escape, moving away or scrolling off dismisses it. The texts are in the page: see _ext/cards.py.
"use strict";
(() => {
  const SHOW_AFTER = 150, HIDE_AFTER = 250, GAP = 8; // milliseconds, pixels
  const links = document.querySelectorAll('article a:has(> .std-term)');
  if (!links.length) return;

  const card = document.createElement("div");
  card.className = "term-card";
  card.hidden = true;
  document.body.append(card);
  let shownFor = null, timer = 0;

  // The definition for a link: a card of this page, or, for a term of this page, the first paragraph of its entry.
  function definition(link) {
    const anchor = decodeURIComponent(link.hash.slice(1));
    const known = document.querySelector(`.term-cards > [data-for~="${CSS.escape(anchor)}"]`);
    if (known) return known;
    let place = document.getElementById(anchor);
    while (place && place.tagName !== "DD") place = place.nextElementSibling;
    return place && place.querySelector(":scope > p");
  }

  function show(link) {
    clearTimeout(timer);
    if (shownFor === link) return;
    const text = definition(link);
    if (!text) return;
    card.replaceChildren(...(text.tagName === "P" ? [text] : [...text.children]).map(node => node.cloneNode(true)));
    if (matchMedia("(hover: none)").matches) {
      const entry = document.createElement("a");
      entry.href = link.href;
      entry.textContent = "Whole entry";
      card.append(entry);
    }
    shownFor = link;
    card.hidden = false;
    place(link);
  }

  // Below the link if there is room, above it if not; never wider than the window.
  function place(link) {
    const lines = link.getClientRects(), line = lines[lines.length - 1];
    const width = document.documentElement.clientWidth;
    const left = Math.max(GAP, Math.min(line.left, width - card.offsetWidth - GAP));
    const below = line.bottom + GAP + card.offsetHeight <= innerHeight || line.top < card.offsetHeight + GAP;
    const top = below ? line.bottom + GAP : lines[0].top - GAP - card.offsetHeight;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${top + scrollY}px`;
  }

  function hide() {
    clearTimeout(timer);
    card.hidden = true;
    shownFor = null;
  }

  const later = (task, delay) => { clearTimeout(timer); timer = setTimeout(task, delay); };

  for (const link of links) {
    const text = definition(link);
    if (!text) continue;
    // Screen readers read the definition after the link's own text.
    text.id ||= `about-${link.hash.slice(1)}`;
    link.setAttribute("aria-describedby", text.id);
    link.addEventListener("pointerenter", event => { if (event.pointerType === "mouse") later(() => show(link), SHOW_AFTER); });
    link.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") later(hide, HIDE_AFTER); });
    link.addEventListener("focus", () => { if (link.matches(":focus-visible")) show(link); });
    link.addEventListener("blur", () => later(hide, HIDE_AFTER));
    link.addEventListener("click", event => {
      if (event.pointerType === "touch" && shownFor !== link) { event.preventDefault(); show(link); }
    });
  }
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", event => { if (event.pointerType === "mouse") later(hide, HIDE_AFTER); });
  document.addEventListener("keydown", event => { if (event.key === "Escape") hide(); });
  document.addEventListener("pointerdown", event => { if (shownFor && !card.contains(event.target) && !shownFor.contains(event.target)) hide(); });
  addEventListener("resize", hide);
})();
