"use strict";

(() => {
  const NARROW_ASPECT = 0.56;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const records = read("records");
  const notes = read("notes");
  const specs = {};
  const views = {};

  for (const script of document.querySelectorAll("script.spec")) {
    specs[script.dataset.figure] = JSON.parse(script.textContent);
  }

  // Charts -----------------------------------------------------------------------------------------------

  function heightOf(place) {
    const aspect = Number(place.dataset.aspect);
    const width = place.clientWidth;
    return Math.round(width * (width < 520 ? Math.max(aspect, NARROW_ASPECT) : aspect));
  }

  // Vega can set legends one below the other; Vega-Lite has no word for it.
  function stackLegends(vega) {
    const layout = { top: { anchor: "start", direction: "vertical", margin: 12 } };
    vega.config = { ...vega.config, legend: { ...vega.config?.legend, layout } };
    return vega;
  }

  async function draw(key) {
    const place = document.getElementById(`chart-${key}`);
    const spec = place.dataset.aspect ? { ...specs[key], height: heightOf(place) } : specs[key];
    // Vega gives its own role and label to what it draws in; those of the chart must stay.
    const options = { actions: false, renderer: "svg", patch: stackLegends };
    const drawn = await window.vegaEmbed(place.firstElementChild, spec, options);
    views[key] = drawn.view;
    if (place.dataset.aspect) {
      new ResizeObserver(() => drawn.view.height(heightOf(place)).runAsync()).observe(place);
    }
  }

  function setSignal(key, name, value) {
    return views[key].signal(name, value).runAsync();
  }

  for (const select of document.querySelectorAll("select[data-signal]")) {
    select.addEventListener("change", () => setSignal(select.dataset.figure, select.dataset.signal, select.value));
  }

  // Map --------------------------------------------------------------------------------------------------

  const MAP = "world";
  const MOST_ZOOM = 64;

  function zoomMap(factor) {
    const zoom = Math.min(Math.max(views[MAP].signal("zoom") * factor, 1), MOST_ZOOM);
    return setSignal(MAP, "zoom", zoom);
  }

  function centreMap() {
    views[MAP].signal("zoom", 1).signal("pan_x", 0).signal("pan_y", 0);
    return views[MAP].runAsync();
  }

  function dragMap(place) {
    let last = null;
    place.addEventListener("pointerdown", (event) => {
      // On a whole map a finger scrolls the page.
      if (event.pointerType === "touch" && !place.classList.contains("is-zoomed")) return;
      event.preventDefault();
      last = event;
      place.setPointerCapture(event.pointerId);
    });
    place.addEventListener("pointermove", (event) => {
      if (last === null) return;
      const view = views[MAP];
      const scale = view.signal("map_scale");
      view.signal("pan_x", view.signal("pan_x") + (event.clientX - last.clientX) / scale);
      view.signal("pan_y", view.signal("pan_y") + (event.clientY - last.clientY) / scale);
      last = event;
      view.runAsync();
    });
    for (const end of ["pointerup", "pointercancel"]) place.addEventListener(end, () => (last = null));
  }

  function equipMap() {
    const place = document.getElementById(`chart-${MAP}`);
    for (const button of document.querySelectorAll("button[data-map-zoom]")) {
      const factor = Number(button.dataset.mapZoom);
      button.addEventListener("click", () => (factor ? zoomMap(factor) : centreMap()));
    }
    const select = document.querySelector(`select[data-figure="${MAP}"][data-signal="view"]`);
    select.addEventListener("change", centreMap);
    views[MAP].addSignalListener("map_scale", (_, scale) => {
      place.classList.toggle("is-zoomed", scale > (1.2 * place.clientWidth) / 5.55);
    });
    dragMap(place.firstElementChild);
  }

  // Filters ----------------------------------------------------------------------------------------------

  const form = document.getElementById("filters");
  const search = document.getElementById("filter-search");
  const withPlants = document.getElementById("filter-plants");
  const selects = [...form.querySelectorAll("select[data-filter]")];
  const projects = records.filter((record) => record.kind === "project");
  const rows = [...document.querySelectorAll("#projects-table tbody tr")];

  function wanted() {
    return {
      words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
      chosen: selects.filter((select) => select.value).map((select) => [select.dataset.filter, select.value]),
    };
  }

  function passes(record, { words, chosen }) {
    // A plant has no deposit family, and stages of its own: only place and name tell whether it is meant.
    const asked = record.kind === "project" ? chosen : chosen.filter(([key]) => key === "continent");
    return asked.every(([key, value]) => record[key] === value) && words.every((word) => record.text.includes(word));
  }

  function filter() {
    const asked = wanted();
    const shown = new Set();
    const known = new Set(records.filter((record) => record.kind !== "line").map((record) => record.id));
    for (const record of records) {
      if (record.kind === "project" || (record.kind === "plant" && withPlants.checked)) {
        if (passes(record, asked)) shown.add(record.id);
      }
    }
    for (const record of records) {
      // An end that is a country is always there.
      const isDrawn = (end) => shown.has(end) || !known.has(end);
      if (record.kind === "line" && withPlants.checked && record.ends.every(isDrawn)) shown.add(record.id);
    }
    for (const row of rows) row.hidden = !shown.has(row.dataset.id);
    const count = projects.filter((record) => shown.has(record.id)).length;
    document.getElementById("filter-status").textContent = `${count} of ${projects.length} projects`;
    document.getElementById("no-match").hidden = count > 0;
    const isOpen = !asked.words.length && !asked.chosen.length && withPlants.checked;
    const value = isOpen ? null : [...shown];
    return Promise.all(["world", "grade"].filter((key) => views[key]).map((key) => setSignal(key, "shown", value)));
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));

  // Sorting ----------------------------------------------------------------------------------------------

  function sortKey(row, index) {
    const cell = row.cells[index];
    if (cell.dataset.value === undefined) return cell.textContent.toLowerCase();
    return cell.dataset.value === "" ? null : Number(cell.dataset.value);
  }

  function sortBy(table, index, isAscending) {
    const body = table.tBodies[0];
    const sign = isAscending ? 1 : -1;
    const sorted = [...body.rows].map((row) => [sortKey(row, index), row]);
    sorted.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
    });
    body.append(...sorted.map(([, row]) => row));
  }

  for (const heading of document.querySelectorAll("#projects-table thead th")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    const order = document.createElement("span");
    order.className = "order";
    order.setAttribute("aria-hidden", "true");
    button.insertBefore(order, button.querySelector(".unit"));
    heading.append(button);
    button.addEventListener("click", () => {
      const isAscending = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of heading.parentNode.cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", isAscending ? "ascending" : "descending");
      sortBy(heading.closest("table"), heading.cellIndex, isAscending);
    });
  }

  // Pattern explorer -------------------------------------------------------------------------------------

  const picker = document.getElementById("picker");
  const pickerSearch = document.getElementById("picker-search");
  const pickerList = document.getElementById("picker-list");
  const options = [...pickerList.options];
  const shares = Object.values(specs.pattern.datasets)[0];

  function cell(tag, text, isNumber) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (isNumber) element.className = "number";
    if (tag === "th") element.scope = "row";
    return element;
  }

  function showShares(id) {
    const mine = shares.filter((row) => row.id === id);
    const body = document.querySelector("#shares-table tbody");
    body.replaceChildren(
      ...mine.map((row) => {
        const line = document.createElement("tr");
        const isSure = row.lower_90_pct === null;
        const interval = isSure ? row.origin : `${row.lower_90_pct.toFixed(2)} to ${row.upper_90_pct.toFixed(2)}`;
        line.append(cell("th", row.oxide), cell("td", row.best_pct.toFixed(2), true), cell("td", interval, true));
        return line;
      }),
    );
    document.getElementById("shares-note").textContent = notes[id] ?? "";
  }

  function choose(id) {
    const option = options.find((candidate) => candidate.value === id);
    if (!option) return;
    if (!option.parentNode) narrow("");
    pickerList.value = id;
    showShares(id);
    views.pattern?.signal("project", id).signal("family", option.dataset.family).runAsync();
    document.getElementById("pattern-title").textContent = option.textContent;
  }

  function narrow(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = options.filter((option) => words.every((word) => option.textContent.toLowerCase().includes(word)));
    pickerList.replaceChildren(...matches);
    return matches;
  }

  pickerSearch.addEventListener("input", () => narrow(pickerSearch.value));
  pickerSearch.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") pickerList.focus();
  });
  picker.addEventListener("submit", (event) => {
    event.preventDefault();
    const [first] = narrow(pickerSearch.value);
    if (first) choose(first.value);
  });
  pickerList.addEventListener("change", () => choose(pickerList.value));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-pattern]");
    if (!link) return;
    pickerSearch.value = "";
    narrow("");
    choose(link.dataset.pattern);
  });

  async function start() {
    for (const key of Object.keys(specs)) await draw(key);
    equipMap();
    choose(pickerList.value);
    await filter();
    document.documentElement.dataset.ready = "true";
  }

  start();
})();
