// Loads what makes a picture of this page one to explore when that picture comes into view, and not with every page.
"use strict";
(() => {
  const { src, dataset } = document.currentScript;
  const seen = new IntersectionObserver(places => {
    if (!places.some(place => place.isIntersecting)) return;
    seen.disconnect();
    for (const name of dataset.scripts.split(" ")) {
      document.head.append(Object.assign(document.createElement("script"), { src: new URL(name, src), async: false }));
    }
  });
  for (const place of document.querySelectorAll("[data-explorable]")) seen.observe(place);
})();
