"use strict";

// The page asks for one picture of what it shows, whenever that changes, and lays it over the coastlines.

const element = (id) => document.getElementById(id);
const controls = ["method", "bandwidth", "colormap", "scale", "pinned"].map(element);
const LARGEST = 2048;
const SNAP = 0.25;
const WORLD = [[-85.05112878, -180], [85.05112878, 180]];

let info, map, overlay, shown, waiting, top_value, value_timer;

// The slider is logarithmic, in pixels: 0.5 to 200.
const bandwidth = () => Number((0.5 * Math.pow(400, element("bandwidth").value / 100)).toPrecision(3));
const short = (value) => {
  const rounded = Number(value.toPrecision(3));
  return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : rounded.toString();
};

function options(select, names, chosen) {
  for (const name of names) select.add(new Option(name, name, false, name === chosen));
}

function makeMap() {
  const geographic = info.crs === "mercator";
  map = L.map("map", {
    crs: geographic ? L.CRS.EPSG3857 : L.CRS.Simple,
    zoomSnap: SNAP, minZoom: -30, maxZoom: geographic ? 18 : 30,
    maxBounds: geographic ? WORLD : undefined, maxBoundsViscosity: 1, attributionControl: Boolean(info.credit),
  });
  if (geographic) fillWithWorld();
  const [x0, y0, x1, y1] = info.bounds;
  const corner = (x, y) => map.options.crs.unproject ? map.options.crs.unproject(L.point(x, y)) : L.latLng(y, x);
  map.fitBounds(L.latLngBounds(corner(x0, y0), corner(x1, y1)));
  if (geographic) drawCoast();
  map.on("resize", () => geographic && fillWithWorld());
  map.on("moveend resize", refresh);
  map.on("mousemove", (event) => { clearTimeout(value_timer); value_timer = setTimeout(showValue, 40, event.latlng); });
  map.on("click", (event) => showValue(event.latlng));
  map.on("mouseout", () => { clearTimeout(value_timer); element("value").textContent = "\u00a0"; });
}

// The window never shows more than one world.
function fillWithWorld() {
  const { x, y } = map.getSize();
  map.setMinZoom(Math.ceil(Math.log2(Math.max(x, y, 256) / 256) / SNAP) * SNAP);
}

// Coastlines and borders stand on a pane of their own, above the picture, where clicks go through.
async function drawCoast() {
  const pane = map.createPane("coast");
  pane.style.zIndex = 450;
  pane.style.pointerEvents = "none";
  const world = await (await fetch("countries.json")).json();
  const mesh = topojson.mesh(world, world.objects.countries);
  const lines = { type: "MultiLineString", coordinates: mesh.coordinates.flatMap(splitAtDateLine) };
  const renderer = L.canvas({ pane: "coast", padding: 0.5 });
  const style = { color: "#55606a", weight: 0.7 };
  L.geoJSON(lines, { style, interactive: false, pane: "coast", renderer, attribution: info.credit }).addTo(map);
  document.body.dataset.coast = "drawn";
}

// A border that steps over 180 degrees is not drawn back across the world.
function splitAtDateLine(line) {
  const parts = [[line[0]]];
  for (let i = 1; i < line.length; i++) {
    if (Math.abs(line[i][0] - line[i - 1][0]) > 180) parts.push([]);
    parts[parts.length - 1].push(line[i]);
  }
  return parts;
}

// The window in the server's coordinates: the corners of whole pixels.
function windowNow() {
  const size = map.getSize();
  const project = (point) => map.options.crs.project(map.containerPointToLatLng(point));
  const low = project(L.point(0, size.y)), high = project(L.point(size.x, 0));
  return { box: [low.x, low.y, high.x, high.y], size: [size.x, size.y].map((n) => Math.min(n, LARGEST)) };
}

function query(view) {
  const asked = new URLSearchParams({
    bbox: view.box.join(","), size: view.size.join("x"), method: element("method").value,
    bandwidth: bandwidth() * view.size[0] / Math.max(map.getSize().x, 1),
    colormap: element("colormap").value, scale: element("scale").value,
  });
  if (element("pinned").checked && top_value) asked.set("top", top_value);
  return asked;
}

async function refresh() {
  element("bandwidth-value").textContent = bandwidth() + " px";
  element("bandwidth-label").hidden = !info.methods[element("method").value].bandwidth;
  waiting?.abort();
  waiting = new AbortController();
  const view = windowNow();
  if (!(view.size[0] > 0 && view.size[1] > 0)) return;
  const asked = query(view);
  try {
    const answer = await fetch("map.png?" + asked, { signal: waiting.signal });
    if (!answer.ok) throw new Error(await answer.text());
    const about = JSON.parse(answer.headers.get("X-Map"));
    await show(URL.createObjectURL(await answer.blob()));
    drawLegend(about);
    top_value = about.top;
    shown = { view, asked };
    say(`${about.inside.toLocaleString("en")} points here, ${about.elapsed_ms.toFixed(1)} ms`, false);
    document.body.dataset.maps = Number(document.body.dataset.maps || 0) + 1;
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, true);
  }
}

function say(text, failed) {
  element("status").textContent = text;
  element("status").classList.toggle("failed", failed);
}

// The new picture stands before the old one goes: nothing flickers.
function show(url) {
  const old = overlay;
  overlay = L.imageOverlay(url, map.getBounds(), { opacity: element("opacity").value, className: "density" });
  return new Promise((resolve) => {
    overlay.once("load", () => {
      if (old) { old.remove(); URL.revokeObjectURL(old._url); }
      resolve();
    });
    overlay.addTo(map);
  });
}

function drawLegend(about) {
  element("unit").textContent = about.unit;
  element("bar").style.background = `linear-gradient(to right, ${about.colors.join(", ")})`;
  const shown = [];
  for (const [place, value] of [about.ticks[0], ...about.ticks.slice().reverse()]) {
    if (shown.every((tick) => Math.abs(tick.place - place) > 0.2)) shown.push({ place, value });
  }
  element("ticks").replaceChildren(...shown.map(({ place, value }) => {
    const tick = document.createElement("span");
    tick.style.left = 100 * place + "%";
    tick.style.transform = `translateX(${-100 * place}%)`;
    tick.textContent = short(value);
    return tick;
  }));
}

async function showValue(latlng) {
  if (!shown) return;
  const { view: { box, size }, asked } = shown;
  const at = map.options.crs.project(latlng);
  const width = (box[2] - box[0]) / size[0], height = (box[3] - box[1]) / size[1];
  const column = Math.floor((at.x - box[0]) / width), row = Math.floor((at.y - box[1]) / height);
  if (!(column >= 0 && column < size[0] && row >= 0 && row < size[1])) return;
  const pixel = new URLSearchParams(asked);
  pixel.set("column", column);
  pixel.set("row", row);
  try {
    const answer = await fetch("value.json?" + pixel);
    if (!answer.ok) return;
    const { value } = await answer.json();
    const place = info.crs === "mercator"
      ? `${latlng.wrap().lat.toFixed(3)}, ${latlng.wrap().lng.toFixed(3)}` : `${short(at.x)}, ${short(at.y)}`;
    element("value").textContent = `${short(value)} at ${place}`;
  } catch (error) {
    say(error.message, true);
  }
}

async function begin() {
  info = await (await fetch("info.json")).json();
  document.title = info.title + " - density";
  element("title").textContent = `${info.title}: ${info.points.toLocaleString("en")} points`;
  options(element("method"), Object.keys(info.methods), info.chosen.method);
  options(element("colormap"), info.colormaps, info.chosen.colormap);
  options(element("scale"), info.scales, info.chosen.scale);
  element("bandwidth").value = 100 * Math.log(info.chosen.bandwidth / 0.5) / Math.log(400);
  for (const control of controls) control.addEventListener("input", refresh);
  element("opacity").addEventListener("input", () => overlay?.setOpacity(element("opacity").value));
  element("controls").addEventListener("submit", (event) => event.preventDefault());
  makeMap();
  refresh();
}

begin().catch((error) => say(error.message, true));
