"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const SVG = "http://www.w3.org/2000/svg";
  const COLORS = 8;
  const TRAIN = 0, VALIDATION = 1;
  const byId = (id) => document.getElementById(id);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // Texts of users reach the page as text nodes alone.
  function element(name, options = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(options)) made[key] = value;
    made.append(...children);
    return made;
  }

  function shape(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function number(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return "–";
    const size = Math.abs(value);
    if (size >= 99.995 && size < 1e9) return value.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    if (size >= 9.99995 && size < 99.995) return value.toFixed(2);
    if (size === 0 || (size >= 0.001 && size < 10)) return value.toFixed(4);
    const rounded = Number(value.toPrecision(3));
    if (size < 1 && Math.abs(rounded) >= 1e-4) return String(rounded);
    return rounded.toExponential().replace(/([+-])(\d)$/, (_, sign, digit) => `${sign}0${digit}`);
  }

  // --- which runs are drawn ---------------------------------------------------------------------------------------

  const picked = new Set();      // places of runs
  const colorOf = new Map();     // place of a row -> colour, for as long as one of its runs is drawn
  const rowOfRun = [];
  data.rows.forEach((row, place) => row.runs.forEach((run) => { rowOfRun[run] = place; }));

  function pick(runs, on) {
    for (const run of runs) {
      if (on) picked.add(run); else picked.delete(run);
      const row = rowOfRun[run];
      if (on && !colorOf.has(row)) colorOf.set(row, freeColor());
      if (!data.rows[row].runs.some((other) => picked.has(other))) colorOf.delete(row);
    }
  }

  function freeColor() {
    const uses = new Array(COLORS).fill(0);
    for (const color of colorOf.values()) uses[color] += 1;
    return uses.indexOf(Math.min(...uses));
  }

  function pickRow(row, on) {
    pick(data.rows[row].runs, on);
    redraw();
  }

  const pickedRows = () => [...colorOf.keys()].sort((a, b) => a - b);

  // --- the table --------------------------------------------------------------------------------------------------

  const table = byId("configurations");
  const body = table.tBodies[0];
  const tableRows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const cellText = (cell) => cell.dataset.text ?? cell.textContent;
  const cellNumber = (cell) => (cell.dataset.v === undefined ? null : Number(cell.dataset.v));

  function sortBy(column) {
    const head = heads[column];
    const down = head.ariaSort === "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.ariaSort = down ? "descending" : "ascending";
    const keyed = tableRows.map((row, place) => {
      const cell = row.cells[column + 1];
      return { row, place, value: cellNumber(cell), text: cellText(cell), absent: cellText(cell) === "–" || cellText(cell) === "" };
    });
    const sign = down ? -1 : 1;
    keyed.sort((a, b) => {
      if (a.absent !== b.absent) return a.absent ? 1 : -1;  // what is absent stays last
      if ((a.value === null) !== (b.value === null)) return a.value === null ? 1 : -1;
      const order = a.value !== null ? a.value - b.value : a.text.localeCompare(b.text, undefined, { numeric: true });
      return sign * order || a.place - b.place;
    });
    body.append(...keyed.map((item) => item.row));
  }

  const COMPARISONS = {
    "<=": (a, b) => a <= b, ">=": (a, b) => a >= b, "!=": (a, b) => a !== b,
    "<": (a, b) => a < b, ">": (a, b) => a > b, "=": (a, b) => a === b,
  };

  // `overfit width>=64`: every word must hold.
  function condition(word) {
    const found = word.match(/^(.+?)(<=|>=|!=|<|>|=)(.+)$/);
    const column = found ? headNamed(found[1]) : -1;
    if (column < 0) return (row) => row.textContent.toLowerCase().includes(word);
    const compare = COMPARISONS[found[2]];
    const value = Number(found[3]);
    return (row) => {
      const cell = row.cells[column + 1];
      const own = cellNumber(cell);
      if (own === null || Number.isNaN(value)) return compare(cellText(cell).trim().toLowerCase(), found[3]);
      return compare(own, value);
    };
  }

  function headNamed(name) {
    const plain = (text) => text.toLowerCase().replace(/[\s_]+/g, "");
    return heads.findIndex((head) => [head.dataset.key, head.dataset.key.split(".").pop(), head.dataset.title].some((known) => plain(known) === plain(name)));
  }

  function filter() {
    const conditions = byId("filter").value.trim().toLowerCase().split(/\s+/).filter(Boolean).map(condition);
    let shown = 0;
    for (const row of tableRows) {
      row.hidden = !conditions.every((holds) => holds(row));
      shown += !row.hidden;
    }
    byId("shown").textContent = filled(words.shown, { shown, all: tableRows.length });
  }

  function setUpTable() {
    heads.forEach((head, column) => {
      head.dataset.title = head.textContent;
      const button = element("button", { type: "button", textContent: head.textContent });
      button.addEventListener("click", () => sortBy(column));
      head.replaceChildren(button);
    });
    table.tHead.rows[0].prepend(element("th", { className: "pick", scope: "col", title: words.draw }));
    for (const row of tableRows) {
      const place = Number(row.dataset.row);
      const box = element("input", { type: "checkbox", ariaLabel: filled(words.draw_one, { label: data.rows[place].label }) });
      box.addEventListener("change", () => pickRow(place, box.checked));
      row.prepend(element("td", { className: "pick" }, box));
      row.addEventListener("click", (event) => {
        if (event.target === box || String(getSelection())) return;
        pickRow(place, !box.checked);
      });
    }
    byId("filter").addEventListener("input", filter);
    byId("table-tools").hidden = false;
    filter();
  }

  // --- the picker -------------------------------------------------------------------------------------------------

  const items = [];

  function setUpPicker() {
    data.rows.forEach((row, place) => {
      const box = element("input", { type: "checkbox" });
      box.addEventListener("change", () => pickRow(place, box.checked));
      const swatch = element("span", { className: "swatch" });
      const item = element("li", {}, element("label", {}, box, swatch, element("span", { textContent: row.label })));
      items.push({ item, box, swatch, inner: null, boxes: [] });
      byId("list").append(item);
    });
    byId("find").addEventListener("input", () => {
      const parts = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
      items.forEach(({ item }, place) => {
        const label = data.rows[place].label.toLowerCase();
        item.hidden = !parts.every((part) => label.includes(part));
      });
    });
    byId("none").addEventListener("click", () => { picked.clear(); colorOf.clear(); redraw(); });
    for (const id of ["measure", "each", "log"]) byId(id).addEventListener("change", redraw);
    byId("curve-tools").hidden = false;
    if (data.runs.length === 1) return;  // there is nothing to pick
    byId("picker").hidden = false;
    byId("studio").classList.remove("alone");
  }

  // A configuration's single runs are listed once it is drawn.
  function openRuns(place) {
    const entry = items[place];
    const { runs, names } = data.rows[place];
    if (entry.inner || runs.length < 2) return;
    entry.inner = element("ul");
    runs.forEach((run, seed) => {
      const box = element("input", { type: "checkbox" });
      box.addEventListener("change", () => { pick([run], box.checked); redraw(); });
      entry.boxes.push(box);
      entry.inner.append(element("li", {}, element("label", {}, box, element("span", { textContent: names[seed] }))));
    });
    entry.item.append(entry.inner);
  }

  function showPicked() {
    items.forEach((entry, place) => {
      const { runs } = data.rows[place];
      const count = runs.filter((run) => picked.has(run)).length;
      if (count) openRuns(place);
      entry.box.checked = count === runs.length && count > 0;
      entry.box.indeterminate = count > 0 && count < runs.length;
      entry.swatch.className = count ? `swatch s${colorOf.get(place)}` : "swatch";
      entry.swatch.hidden = !count;
      if (entry.inner) entry.inner.hidden = !count;
      entry.boxes.forEach((box, seed) => { box.checked = picked.has(runs[seed]); });
    });
    for (const row of tableRows) {
      const entry = items[Number(row.dataset.row)];
      const box = row.cells[0].firstElementChild;
      box.className = entry.swatch.hidden ? "" : `s${colorOf.get(Number(row.dataset.row))}`;
      box.checked = entry.box.checked;
      box.indeterminate = entry.box.indeterminate;
      row.classList.toggle("on", !entry.swatch.hidden);
    }
  }

  // --- what is drawn ----------------------------------------------------------------------------------------------

  const epochsOf = (run) => {
    const { epochs } = data.runs[run];
    return typeof epochs === "number" ? Array.from({ length: epochs }, (_, place) => place + 1) : epochs;
  };

  // Epoch -> value, finite ones alone.
  function curve(run, measure, side) {
    const column = data.runs[run].values[measure][side];
    const found = new Map();
    if (column) epochsOf(run).forEach((epoch, place) => { if (column[place] !== null && column[place] !== undefined) found.set(epoch, column[place]); });
    return found;
  }

  // One line per run, or per configuration its mean, as long as half of its runs are trained, and their range.
  function lines(measure, each) {
    const found = [];
    for (const row of pickedRows()) {
      const { label, runs, names } = data.rows[row];
      const drawn = runs.filter((run) => picked.has(run));
      const color = colorOf.get(row);
      const groups = each || drawn.length === 1 ? drawn.map((run) => [run]) : [drawn];
      for (const group of groups) {
        const alone = group.length === 1 && runs.length > 1;
        found.push({
          label,
          run: alone ? names[runs.indexOf(group[0])] : "",
          color,
          sides: [TRAIN, VALIDATION].map((side) => together(group.map((run) => curve(run, measure, side)))),
          best: group.length === 1 ? data.runs[group[0]].best : null,
        });
      }
    }
    return found;
  }

  function together(curves) {
    const epochs = [...new Set(curves.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
    const found = new Map();
    for (const epoch of epochs) {
      const values = curves.filter((one) => one.has(epoch)).map((one) => one.get(epoch));
      if (2 * values.length < curves.length) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      found.set(epoch, { mean, low: Math.min(...values), high: Math.max(...values) });
    }
    return found;
  }

  function ticks(low, high, most, log) {
    return log ? logTicks(low, high, most) : linearTicks(low, high, most);
  }

  function linearTicks(low, high, most) {
    const power = Math.floor(Math.log10((high - low) / most));
    for (const extra of [0, 1]) {
      for (const digit of [1, 2, 5]) {
        const step = Number(`${digit}e${power + extra}`);
        const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
        if (last - first < most) return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => Number(((first + place) * step).toPrecision(12)));
      }
    }
    return [];
  }

  function logTicks(low, high, most) {
    const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
    let found = [];
    for (let stride = 0; stride <= last - first + 1; stride += 1) {
      found = [];
      for (let power = first; power <= last; power += Math.max(stride, 1)) {
        for (const digit of stride ? [1] : [1, 2, 5]) found.push(Number(`${digit}e${power}`));
      }
      found = found.filter((tick) => tick >= low && tick <= high);
      if (found.length <= most) break;
    }
    return found;
  }

  function scale(low, high, start, end, log) {
    const of = log ? Math.log10 : (value) => value;
    return (value) => start + ((of(value) - of(low)) / (of(high) - of(low) || 1)) * (end - start);
  }

  function valueRange(values, log) {
    let low = Infinity, high = -Infinity;
    for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
    if (!log && low >= 0 && low < 0.5 * high) low = 0;
    if (low === high) return log ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
    return [low, high];
  }

  // --- the drawing ------------------------------------------------------------------------------------------------

  const figure = byId("figure");
  const caption = figure.querySelector("figcaption");
  const MOST_IN_LEGEND = 12;
  const LEFT = 62, RIGHT = 14, TOP = 12, BOTTOM = 42;
  let logWanted = null;  // null: by the values

  function draw() {
    const measure = Number(byId("measure").value);
    const found = lines(measure, byId("each").checked);
    const width = Math.max(300, figure.clientWidth), height = width < 560 ? 300 : 400;
    const values = [], epochs = new Set();
    for (const line of found) for (const side of line.sides) for (const [epoch, point] of side) { values.push(point.low, point.high); epochs.add(epoch); }
    figure.replaceChildren();
    hover = null;
    if (!values.length) {
      figure.append(element("p", { className: "soft", textContent: picked.size ? words.no_values : words.none_picked }), legend(found), caption);
      return;
    }
    const positive = values.every((value) => value > 0);
    let [low, high] = valueRange(values, true);
    const log = positive && (logWanted ?? high / low > 100);
    byId("log").checked = log;
    byId("log").disabled = !positive;
    [low, high] = valueRange(values, log);
    const allEpochs = [...epochs].sort((a, b) => a - b);
    const from = allEpochs[0], to = Math.max(allEpochs[allEpochs.length - 1], from + 1);
    const x = scale(from, to, LEFT, width - RIGHT, false), y = scale(low, high, height - BOTTOM, TOP, log);
    const svg = shape("svg", { class: found.length > 12 ? "chart many" : "chart", viewBox: `0 0 ${width} ${height}`, tabindex: 0, role: "img", "aria-label": filled(words.chart, { count: found.length }) });
    for (const tick of ticks(low, high, log ? 10 : 7, log)) {
      svg.append(shape("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }));
      svg.append(shape("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
    }
    for (const tick of linearTicks(from, to, Math.max(3, Math.floor(width / 80))).filter(Number.isInteger)) {
      svg.append(shape("text", { x: x(tick), y: height - BOTTOM + 18, "text-anchor": "middle" }, String(tick)));
    }
    svg.append(shape("line", { class: "axis", x1: LEFT, x2: width - RIGHT, y1: height - BOTTOM, y2: height - BOTTOM }));
    svg.append(shape("text", { x: (LEFT + width - RIGHT) / 2, y: height - 6, "text-anchor": "middle" }, words.epoch));
    for (const line of found) svg.append(drawn(line, x, y, log));
    figure.append(svg, legend(found), caption);
    hover = { svg, found, allEpochs, x, y, width, height, marks: shape("g", {}), tip: element("div", { className: "tip", hidden: true, role: "status" }), at: null };
    svg.append(hover.marks);
    figure.append(hover.tip);
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      showAt(nearest(allEpochs, from + (((event.clientX - box.left) * (width / box.width) - LEFT) / (width - RIGHT - LEFT)) * (to - from)), event.clientY - box.top);
    });
    svg.addEventListener("pointerleave", hideTip);
    svg.addEventListener("blur", hideTip);
    svg.addEventListener("keydown", step);
  }

  function drawn(line, x, y, log) {
    const group = shape("g", { class: `s${line.color}` });
    line.sides.forEach((side, place) => {
      const points = [...side].filter(([, point]) => !log || point.low > 0);
      const at = (key) => points.map(([epoch, point]) => `${x(epoch).toFixed(1)},${y(point[key]).toFixed(1)}`);
      if (points.some(([, point]) => point.high > point.low)) group.append(shape("polygon", { class: "band", points: [...at("high"), ...at("low").reverse()].join(" ") }));
      group.append(shape("polyline", { class: place === TRAIN ? "train" : "validation", points: at("mean").join(" ") }));
    });
    const shown = line.sides[VALIDATION].size ? line.sides[VALIDATION] : line.sides[TRAIN];
    const best = line.best === null ? undefined : shown.get(line.best);
    if (best) group.append(shape("circle", { class: "best", cx: x(line.best), cy: y(best.mean), r: 4.5 }));
    return group;
  }

  function legend(found) {
    const list = element("ul", { className: "legend" });
    const rows = new Map(found.map((line) => [line.label, line.color]));
    if (rows.size > MOST_IN_LEGEND) list.append(element("li", { textContent: filled(words.chart, { count: found.length }) }));
    else for (const [label, color] of rows) list.append(element("li", {}, element("span", { className: `swatch s${color}` }), label));
    return list;
  }

  // --- hovering ---------------------------------------------------------------------------------------------------

  let hover = null;
  const MOST_IN_TIP = 10;

  function nearest(sorted, wanted) {
    return sorted.reduce((best, epoch) => (Math.abs(epoch - wanted) < Math.abs(best - wanted) ? epoch : best), sorted[0]);
  }

  function showAt(epoch, height) {
    const { svg, found, x, y, marks, tip } = hover;
    hover.at = epoch;
    marks.replaceChildren(shape("line", { class: "cross", x1: x(epoch), x2: x(epoch), y1: TOP, y2: hover.height - BOTTOM }));
    const there = found.filter((line) => line.sides.some((side) => side.has(epoch)));
    const near = height === undefined ? there : byDistance(there, epoch, height * (hover.width / svg.getBoundingClientRect().width));
    const rows = near.slice(0, MOST_IN_TIP).map((line) => tipRow(line, epoch));
    for (const line of near.slice(0, MOST_IN_TIP)) for (const side of line.sides) {
      const point = side.get(epoch);
      if (point) { const group = shape("g", { class: `s${line.color}` }); group.append(shape("circle", { class: "best", cx: x(epoch), cy: y(point.mean), r: 3.5 })); marks.append(group); }
    }
    const headRow = element("tr", {}, element("th", { textContent: `${words.epoch} ${epoch}`, colSpan: 3 }), element("th", { className: "n", textContent: words.train }), element("th", { className: "n", textContent: words.validation }));
    const grid = element("table", {}, element("tbody", {}, headRow, ...rows));
    tip.replaceChildren(grid);
    if (near.length > MOST_IN_TIP) tip.append(element("div", { className: "soft", textContent: filled(words.more, { count: near.length - MOST_IN_TIP }) }));
    tip.hidden = false;
    const box = svg.getBoundingClientRect(), left = x(epoch) * (box.width / hover.width);
    tip.style.left = `${left > box.width / 2 ? Math.max(0, left - tip.offsetWidth - 14) : Math.min(left + 14, Math.max(0, box.width - tip.offsetWidth))}px`;
    tip.style.top = `${TOP}px`;
  }

  function byDistance(found, epoch, height) {
    const distance = (line) => Math.min(...line.sides.filter((side) => side.has(epoch)).map((side) => Math.abs(hover.y(side.get(epoch).mean) - height)));
    return found.length <= MOST_IN_TIP ? found : [...found].sort((a, b) => distance(a) - distance(b));
  }

  function tipRow(line, epoch) {
    const cells = line.sides.map((side) => {
      const point = side.get(epoch);
      return element("td", { className: "n", textContent: number(point ? point.mean : null) });
    });
    const swatch = element("td", {}, element("span", { className: `swatch dot s${line.color}` }));
    return element("tr", {}, swatch, element("td", { className: "who", textContent: line.label, title: line.label }), element("td", { textContent: line.run }), ...cells);
  }

  function hideTip() {
    if (!hover) return;
    hover.tip.hidden = true;
    hover.marks.replaceChildren();
    hover.at = null;
  }

  function step(event) {
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") hideTip();
    if (!(event.key in moves)) return;
    event.preventDefault();
    const { allEpochs } = hover, last = allEpochs.length - 1;
    const from = hover.at === null ? (event.key === "ArrowLeft" ? last + 1 : -1) : allEpochs.indexOf(hover.at);
    showAt(allEpochs[Math.max(0, Math.min(last, from + moves[event.key]))]);
  }

  // --- all of it --------------------------------------------------------------------------------------------------

  function redraw() {
    showPicked();
    draw();
  }

  byId("log").addEventListener("change", () => { logWanted = byId("log").checked; });
  setUpTable();
  setUpPicker();
  for (const row of data.picked) pick(data.rows[row].runs, true);
  redraw();
  let waiting = 0;
  new ResizeObserver(() => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(() => { if (hover && Math.abs(hover.width - Math.max(300, figure.clientWidth)) > 1) draw(); }); }).observe(figure);
  addEventListener("beforeprint", () => { for (const part of document.querySelectorAll("details:has(table)")) part.open = true; });
})();
