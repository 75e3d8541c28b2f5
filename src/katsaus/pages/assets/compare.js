/* Up to four areas and a period of the reader's own choice, drawn by Vega. Everything here is an addition: the page's
   table and chart say the same without it. Vega and the figures are fetched only when a reader asks for them. */
"use strict";

(() => {
  const MOST = 4;
  const SLOTS = ["area", "second", "third", "fourth"];
  const tool = document.querySelector(".explore");
  const part = (name) => tool.querySelector(`[data-part="${name}"]`);
  const say = (text, fields) => text.replace(/\{(\w+)\}/g, (whole, name) => fields[name] ?? whole);
  const boxes = [...tool.querySelectorAll("input")];
  const [first, last] = tool.querySelectorAll("select");
  const slots = new Array(MOST).fill(null); // a slot is a colour: an area keeps its own while others come and go
  const wide = matchMedia("(min-width: 46rem)");
  let figures = null;
  let drawn = null;
  let drawing = Promise.resolve();

  function script(href) {
    return new Promise((resolve, reject) => {
      const element = Object.assign(document.createElement("script"), { src: href, onload: resolve, onerror: reject });
      document.head.append(element);
    });
  }

  async function data(href) {
    const answer = await fetch(href);
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }

  async function open() {
    if (tool.hasAttribute("aria-busy")) return false;
    tool.setAttribute("aria-busy", "true");
    part("summary").textContent = tool.dataset.loading;
    try {
      figures = await data(tool.dataset.figures);
      await script(figures.vega);
      prepare();
    } catch {
      figures = null;
      part("summary").textContent = tool.dataset.failed;
    }
    tool.removeAttribute("aria-busy");
    return figures !== null;
  }

  function prepare() {
    for (const list of [first, last]) {
      list.replaceChildren(...figures.months.map((month) => new Option(month.name, month.id)));
    }
    part("form").hidden = part("drawn").hidden = false;
    part("open").hidden = true;
    read();
    tool.addEventListener("change", change);
    wide.addEventListener("change", draw);
    addEventListener("hashchange", () => chosenInAddress() && read());
  }

  /* The address keeps the choice: #areas=kainuu,helsinki&from=2021-06&to=2023-06 */
  const chosenInAddress = () => location.hash.startsWith("#areas=");

  function read() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const wanted = (asked.get("areas") ?? tool.dataset.default).split(",");
    const known = [...new Set(wanted)].filter((slug) => boxes.some((box) => box.value === slug));
    slots.fill(null);
    known.slice(0, MOST).forEach((slug, slot) => (slots[slot] = slug));
    const [from, to] = ["from", "to"].map((name) => figures.months.findIndex(({ id }) => id === asked.get(name)));
    const end = figures.months.length - 1;
    last.selectedIndex = to > 0 ? to : end;
    first.selectedIndex = from >= 0 && from < last.selectedIndex ? from : Math.max(0, last.selectedIndex - 24);
    for (const box of boxes) box.checked = slots.includes(box.value);
    show();
  }

  function change(event) {
    const box = event.target;
    if (box.type === "checkbox") slots[slots.indexOf(box.checked ? null : box.value)] = box.checked ? box.value : null;
    show();
    const areas = slots.filter(Boolean).join(",");
    history.replaceState(null, "", `#areas=${areas}&from=${first.value}&to=${last.value}`);
  }

  function show() {
    const full = !slots.includes(null);
    for (const box of boxes) box.disabled = full && !box.checked;
    part("full").textContent = full ? tool.dataset.full : "";
    // Neither end of the period may pass the other.
    for (const option of first.options) option.disabled = option.value >= last.value;
    for (const option of last.options) option.disabled = option.value <= first.value;
    draw();
  }

  function chosen() {
    const from = first.selectedIndex;
    const series = slots.map((slug, slot) => [figures.areas.find((area) => area.slug === slug), SLOTS[slot]]);
    return {
      from,
      months: figures.months.slice(from, last.selectedIndex + 1),
      lines: [...series, [figures.reference, "trial"]]
        .filter(([area]) => area)
        .map(([area, name]) => ({ label: area.label, series: name, values: area.values, end: last.selectedIndex })),
    };
  }

  function draw() {
    const choice = chosen();
    describe(choice);
    tabulate(choice);
    drawing = drawing.then(() => embed(choice)).catch(() => (part("summary").textContent = tool.dataset.failed));
  }

  async function embed(choice) {
    const size = figures.sizes[wide.matches ? "wide" : "narrow"];
    const view = { width: Math.min(size.width, part("chart").clientWidth), height: size.height };
    drawn?.finalize();
    drawn = await window.vegaEmbed(part("chart"), { ...figures.spec, ...view, datasets: datasets(choice, size) }, {
      mode: "vega-lite",
      renderer: "svg",
      actions: false,
      tooltip: false,
      defaultStyle: false,
      ast: true, // Vega's interpreter of expressions: the page's policy allows no eval
      config: size.config,
      formatLocale: figures.numbers,
      timeFormatLocale: figures.times,
    });
    // The picture has one name, its summary: Vega's own are in English.
    for (const element of part("chart").querySelectorAll("svg, svg *")) {
      for (const name of ["role", "aria-roledescription", "aria-label"]) element.removeAttribute(name);
    }
  }

  function datasets({ from, months, lines }, size) {
    const points = lines.flatMap(({ label, series, values }) =>
      months.map(({ id }, at) => {
        const [before, value, after] = [-1, 0, 1].map((step) => at + step in months && number(values[from + at + step]));
        const alone = typeof before !== "number" && typeof after !== "number";
        return { month: id, label, series, value, alone };
      }),
    );
    return { points, ends: ends(points, months, size) };
  }

  /* The last point of each line with a place for its name, apart from the other names. */
  function ends(points, months, size) {
    const drawn = points.filter((point) => point.value !== null);
    const values = drawn.map((point) => point.value);
    const gap = ((Math.max(...values) - Math.min(...values)) * size.line) / size.height;
    const found = [...new Map(drawn.map((point) => [point.label, { ...point, at: point.value }])).values()];
    found.sort((one, other) => one.value - other.value);
    const middle = (found.length - 1) / 2;
    for (let round = 0; round < 100; round += 1) {
      for (let i = 1; i < found.length; i += 1) {
        const lack = gap - (found[i].at - found[i - 1].at);
        if (lack > 0) {
          found[i].at += lack / 2;
          found[i - 1].at -= lack / 2;
        }
      }
    }
    return found;
  }

  function number(value) {
    return typeof value === "number" ? value : null;
  }

  function written(value) {
    if (typeof value !== "number") return value ?? "";
    const { decimals, signed } = figures;
    const style = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    return value.toLocaleString(document.documentElement.lang, { ...style, signDisplay: signed ? "exceptZero" : "negative" });
  }

  /* In words what a symbol in place of a figure means; three dots are silence to a screen reader. */
  function named(symbol) {
    const names = { "...": "hidden", "..": "absent", "–": "incomputable" };
    return tool.dataset[names[symbol]] ?? "";
  }

  function told(value) {
    return typeof value === "number" ? say(figures.unit, { value: written(value) }) : named(value);
  }

  function describe({ months, lines }) {
    const [start, end] = [months[0], months[months.length - 1]];
    part("measure").textContent = `${figures.measure}, ${start.short}–${end.short}`;
    const values = lines.map(({ label, values, end: at }) => {
      const value = told(values[at]);
      return at < 12 ? `${label} ${value}` : say(tool.dataset.told, { label, value, before: told(values[at - 12]) });
    });
    part("summary").textContent = `${end.name[0].toUpperCase()}${end.name.slice(1)}: ${values.join(", ")}.`;
  }

  function tabulate({ from, months, lines }) {
    const cell = (name, text, attributes = {}) =>
      Object.assign(document.createElement(name), { textContent: text, ...attributes });
    const row = (...cells) => {
      const element = document.createElement("tr");
      element.append(...cells);
      return element;
    };
    const right = { className: "right" };
    const body = months.map((month, at) =>
      row(
        cell("th", month.name, { scope: "row" }),
        ...lines.map(({ values }) => {
          const value = values[from + at];
          if (typeof value === "number" || !value) return cell("td", written(value), right);
          const figure = cell("td", "", right);
          figure.append(cell("span", value, { role: "img", ariaLabel: named(value) }));
          return figure;
        }),
      ),
    );
    const table = part("table");
    const head = lines.map(({ label }) => cell("th", label, { scope: "col", ...right }));
    table.tHead.replaceChildren(row(table.tHead.rows[0].cells[0], ...head));
    table.tBodies[0].replaceChildren(...body.reverse());
    table.caption.firstElementChild.textContent = part("measure").textContent;
  }

  tool.hidden = false;
  part("open").addEventListener("click", async () => (await open()) && boxes[0].focus());
  if (chosenInAddress()) open().then((opened) => opened && tool.scrollIntoView());
})();
