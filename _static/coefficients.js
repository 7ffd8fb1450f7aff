// Filters the table of known learning coefficients by words and by what was done to check a row.
"use strict";
(() => {
  const table = document.querySelector("table.coefficients");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const checks = [...new Set(rows.map(row => row.className.match(/check-(\w+)/)[1]))];
  const form = document.createElement("form");
  form.className = "term-filter";
  form.setAttribute("role", "search");
  form.innerHTML = `<label>Find a model <input type="search" autocomplete="off"></label>
    <label>check <select><option value="">any</option></select></label> <output></output>`;
  const [field, choice, count] = form.querySelectorAll("input, select, output");
  for (const check of checks) choice.add(new Option(check, check));

  function filter() {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(words.every(word => text.includes(word)) && (!choice.value || row.classList.contains(`check-${choice.value}`)));
      shown += !row.hidden;
    }
    count.textContent = `${shown} of ${rows.length} rows`;
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  (table.closest(".table-wrapper") ?? table).before(form);
  filter();
})();
