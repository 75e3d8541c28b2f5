// Links a map with the table beside it: who points at an area or its row sees both, and reads its figures below the map.
"use strict";

for (const figure of document.querySelectorAll("figure")) {
  const line = figure.querySelector(".pointed");
  const rows = [...figure.querySelectorAll("tr[data-area]")];
  if (line && rows.length) link(figure, line, rows);
}

function link(figure, line, rows) {
  const hint = line.textContent;
  // A measure in per cent is told by its unit alone: "Kainuu: 9,1 %".
  const measure = figure.querySelector("thead th + th").textContent.trim();
  const told = (value) => (/, %$/.test(measure) && /\d/.test(value) ? `${value}\u00a0%` : `${measure} ${value}`);
  // A row that has a link is reached by it; the others are one stop for the Tab key, and arrow keys lead on from there.
  const stops = rows.map((row) => row.querySelector("a") || row);
  stops.forEach((stop, at) => {
    if (stop.tagName === "TR") stop.tabIndex = at ? -1 : 0;
  });
  line.hidden = false;

  function point(area) {
    for (const marked of figure.querySelectorAll(".pointed-at")) marked.classList.remove("pointed-at");
    const row = rows.find((one) => one.dataset.area === area);
    line.textContent = row ? `${row.cells[0].textContent.trim()}: ${told(row.cells[1].textContent.trim())}` : hint;
    if (!row) return;
    row.classList.add("pointed-at");
    for (const shape of figure.querySelectorAll(`.chart [data-area="${area}"]`)) {
      shape.classList.add("pointed-at");
      if (shape.nextSibling) shape.parentNode.append(shape); // its outline lies upon those of its neighbours
    }
  }

  const areaOf = (event) => event.target.closest("[data-area]")?.dataset.area ?? "";
  figure.addEventListener("pointerover", (event) => point(areaOf(event)));
  figure.addEventListener("pointerleave", () => point(""));
  figure.addEventListener("focusin", (event) => point(areaOf(event)));
  figure.addEventListener("focusout", () => point(""));
  figure.addEventListener("keydown", (event) => {
    const at = stops.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (at < 0 || !stops[to]) return;
    event.preventDefault();
    for (const stop of [stops[at], stops[to]]) if (stop.tagName === "TR") stop.tabIndex = stop === stops[to] ? 0 : -1;
    stops[to].focus();
  });
}
