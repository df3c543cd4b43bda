// The map that moves: the same cells as the drawing, from our own origin, with no tiles from anyone.
import { Map, Marker, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";

const PAPER = "#fbfaf7";
const INK = "#1d1b22";
const MUTED = "#57535f";
const MARKED_STEPS = [1, 2, 3];

function cellFeatures(cells) {
  return {
    type: "FeatureCollection",
    features: cells.map(({ corners, ...properties }) => ({
      type: "Feature",
      properties,
      geometry: { type: "Polygon", coordinates: [[...corners, corners[0]]] },
    })),
  };
}

function lineFeatures(lines) {
  return {
    type: "FeatureCollection",
    features: lines.map((geometry) => ({ type: "Feature", properties: {}, geometry })),
  };
}

function boundsOf(cells) {
  const bounds = [180, 90, -180, -90];
  for (const { corners } of cells) {
    for (const [longitude, latitude] of corners) {
      bounds[0] = Math.min(bounds[0], longitude);
      bounds[1] = Math.min(bounds[1], latitude);
      bounds[2] = Math.max(bounds[2], longitude);
      bounds[3] = Math.max(bounds[3], latitude);
    }
  }
  return bounds;
}

function styleOf(data) {
  const shade = ["match", ["get", "step"], ...data.ramp.flatMap((colour, i) => [i, colour]), PAPER];
  return {
    version: 8,
    sources: {
      cells: { type: "geojson", data: cellFeatures(data.cells) },
      lines: { type: "geojson", data: lineFeatures(data.lines) },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": PAPER } },
      { id: "cells", type: "fill", source: "cells", paint: { "fill-color": shade } },
      {
        id: "edges",
        type: "line",
        source: "cells",
        paint: { "line-color": MUTED, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.2, 13, 1] },
      },
      { id: "lines", type: "line", source: "lines", paint: { "line-color": INK, "line-width": 1.2 } },
    ],
  };
}

// The same marks as the drawing's: what colour says, pattern says too.
function mark(step) {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.lineWidth = 1.5;
  if (step === 1) {
    pen.fillStyle = INK;
    pen.arc(size / 2, size / 2, 2, 0, 2 * Math.PI);
    pen.fill();
    return pen.getImageData(0, 0, size, size);
  }
  pen.strokeStyle = step === 2 ? INK : PAPER;
  pen.moveTo(0, size);
  pen.lineTo(size, 0);
  if (step === 3) {
    pen.moveTo(0, 0);
    pen.lineTo(size, size);
  }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function addMarks(map) {
  for (const step of MARKED_STEPS) {
    map.addImage(`mark-${step}`, mark(step), { pixelRatio: 2 });
    const paint = { "fill-pattern": `mark-${step}` };
    const filter = ["==", ["get", "step"], step];
    map.addLayer({ id: `marks-${step}`, type: "fill", source: "cells", filter, paint }, "edges");
  }
}

function describe({ place, rank, count, row }) {
  const box = document.createElement("p");
  const words = `${count.toLocaleString("en-GB")} ${count === 1 ? "offence" : "offences"}`;
  if (!row) {
    box.textContent = words;
    return box;
  }
  const link = document.createElement("a");
  link.href = `#${row}`;
  link.textContent = `${rank}. ${place}`;
  box.append(link, `: ${words}`);
  return box;
}

function nameTowns(map, names) {
  for (const { text, at } of names) {
    const element = document.createElement("span");
    element.className = "map-name";
    element.textContent = text;
    new Marker({ element }).setLngLat(at).addTo(map);
  }
}

// Resolves when the first picture is drawn; rejects where the browser cannot draw one.
export async function open(container, { cells, worker }) {
  const response = await fetch(cells, { credentials: "same-origin" });
  if (!response.ok) {
    throw new Error(`The cells did not come (${response.status}).`);
  }
  const data = await response.json();
  setWorkerUrl(new URL(worker, document.baseURI).href);
  const map = new Map({
    container,
    style: styleOf(data),
    bounds: boundsOf(data.cells),
    fitBoundsOptions: { padding: 16, animate: false },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxZoom: 16,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }));
  nameTowns(map, data.names);
  map.on("click", "cells", ({ features, lngLat }) => {
    new Popup().setLngLat(lngLat).setDOMContent(describe(features[0].properties)).addTo(map);
  });
  map.on("mouseenter", "cells", () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", "cells", () => (map.getCanvas().style.cursor = ""));
  await map.once("load");
  addMarks(map);
  await map.once("idle");
}
