// The glossary: a field that filters the A–Z index, and a button beside each entry that copies its address.
"use strict";
(() => {
  const plain = text => text.toLowerCase().normalize("NFD").replace(/\p{Diacritic}/gu, "");

  function filterIndex(index) {
    const items = [...document.querySelectorAll(".term-index > li")];
    const areas = new Map(); // name in the class of an item -> title of its page
    for (const item of items) {
      const area = item.firstElementChild.className.match(/area-([\w-]+)/)[1];
      item.dataset.area = area;
      if (!areas.has(area)) areas.set(area, document.querySelector(`.sidebar-tree a[href$="${area}.html"]`)?.textContent ?? area);
    }
    const form = document.createElement("form");
    form.className = "term-filter";
    form.setAttribute("role", "search");
    form.innerHTML = `<label>Find a term <input type="search" autocomplete="off"></label>
      <label>in <select><option value="">all areas</option></select></label> <output></output>`;
    const [field, choice, count] = form.querySelectorAll("input, select, output");
    for (const [area, title] of [...areas].sort((a, b) => a[1].localeCompare(b[1]))) choice.add(new Option(title, area));

    function filter() {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        const text = plain(item.textContent);
        item.hidden = !(words.every(word => text.includes(word)) && (!choice.value || item.dataset.area === choice.value));
        shown += !item.hidden;
      }
      for (const list of document.querySelectorAll(".term-index")) {
        const empty = [...list.children].every(item => item.hidden);
        list.hidden = empty;
        list.previousElementSibling.hidden = empty; // its letter
      }
      count.textContent = `${shown} of ${items.length} names`;
    }
    form.addEventListener("input", filter);
    form.addEventListener("submit", event => {
      event.preventDefault();
      const first = items.find(item => !item.hidden);
      if (first) location.href = first.querySelector("a").href;
    });
    index.before(form);
    filter();
  }

  function addCopyButtons() {
    for (const entry of document.querySelectorAll("dl.glossary > dt:not(dt + dt)")) {
      const button = document.createElement("button");
      button.className = "copy-link";
      button.textContent = "Copy link";
      const name = [...entry.childNodes].find(node => node.nodeType === Node.TEXT_NODE && node.data.trim()).data.trim();
      button.setAttribute("aria-label", `Copy the link to ${name}`);
      button.addEventListener("click", async () => {
        // The tool-proof name, which every linking tool can carry, stands beside Sphinx's own.
        const anchor = entry.querySelector("[id]:not([id^='term-'])")?.id || entry.id;
        const address = new URL(`#${anchor}`, location.href).href;
        try {
          await navigator.clipboard.writeText(address);
          button.textContent = "Copied";
        } catch {
          location.hash = anchor; // where the clipboard is out of reach, the address bar holds it
        }
        setTimeout(() => { button.textContent = "Copy link"; }, 1500);
      });
      entry.append(button);
    }
  }

  const index = document.querySelector(".term-index");
  if (index) filterIndex(index.previousElementSibling);
  addCopyButtons();
})();
