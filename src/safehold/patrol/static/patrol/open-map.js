// Offers the map that moves beside the drawing; its half megabyte is fetched only when asked for.
const holder = document.querySelector("[data-hotspot-map]");

function button(words, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button govuk-button--secondary";
  made.textContent = words;
  made.addEventListener("click", action);
  return made;
}

function styled(href) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = href;
  document.head.append(sheet);
}

if (holder) {
  const { bundle, sheet, worker, cells } = holder.dataset;
  const drawing = holder.querySelector("svg");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const place = document.createElement("div");
  place.className = "moving-map";
  place.setAttribute("role", "region");
  place.setAttribute("aria-label", "Map that moves; the table lists the same cells");
  let opened = null;

  const show = (moving) => {
    place.hidden = !moving;
    drawing.toggleAttribute("hidden", moving);
    zoom.hidden = moving;
    back.hidden = !moving;
  };
  const start = async () => {
    styled(sheet);
    holder.prepend(place);
    const { open } = await import(bundle);
    await open(place, { cells, worker });
  };
  const zoom = button("Open a map that zooms", async () => {
    said.textContent = "Opening…";
    show(true);
    try {
      opened ??= start();
      await opened;
      said.textContent = "";
    } catch {
      show(false);
      zoom.hidden = true;
      said.textContent = "This browser cannot draw the map that zooms. The drawing shows the same cells.";
    }
  });
  const back = button("Back to the drawing", () => show(false));
  back.hidden = true;
  holder.append(zoom, back, said);
}
