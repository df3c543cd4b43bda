// Runs first in <head>, inline, before any style sheet: leaving must work from the first paint and
// must not wait for anything. Design and the case against Escape: docs/adr, "Escape leaves".
//
// data-to: the neutral address, then fallbacks, parted by spaces. data-title: what the tab says
// while the neutral page loads.
(function (script) {
  var w = window;
  var d = document;
  var root = d.documentElement;
  var addresses = script.dataset.to.split(" ");
  var RETRY_MS = 3000;
  var FALLBACK_MS = 9000;
  var SHIFT_MS = 5000;
  // Cookies that go in the turn of the key, with no request: half of a draft's key first of all.
  var DROPPED = ["k", "f", "s"];
  var leaving;
  var channel;
  var shiftAlone;
  var shifts = 0;
  var lastShift = 0;

  // Switched off on /leaving/, for this visit: then only the button and the link leave.
  function keysOff() {
    return /(^| )(__Host-)?w=1/.test(d.cookie);
  }

  // The bar names the keys only where they work.
  function nameKeys() {
    root.classList.toggle("js", !keysOff());
  }

  // The mark says only that this tab left; it is what makes Back leave again.
  function mark(value) {
    try {
      if (value !== undefined) {
        sessionStorage.x = value;
      }
      return sessionStorage.x;
    } catch (e) {
      // Storage switched off: leaving still works, only the check on Back does not.
    }
  }

  function blank() {
    leaving = true;
    // Else the parser would go on adding the rest of the page to the emptied document.
    w.stop();
    root.textContent = "";
    root.style.cssText = "color-scheme:light dark;background:Canvas";
    var icon = root.appendChild(d.createElement("head")).appendChild(d.createElement("link"));
    icon.rel = "icon";
    icon.href = "data:,";
    d.title = script.dataset.title;
  }

  function go(turn) {
    w.location.replace(addresses[turn] || addresses[0]);
  }

  // One more try at the same address, since a slow line is likelier than a dead site.
  function depart() {
    go(0);
    setTimeout(go, RETRY_MS, 0);
    setTimeout(go, FALLBACK_MS, 1);
  }

  function follow() {
    if (!leaving) {
      mark(1);
      blank();
      depart();
    }
  }

  function leave(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (leaving) {
      return;
    }
    DROPPED.forEach(function (name) {
      var end = name + "=;path=/;max-age=0";
      d.cookie = end;
      d.cookie = "__Host-" + end + ";secure";
    });
    mark(1);
    blank();
    // Each by itself: what one browser lacks must not hold back the other.
    try {
      navigator.sendBeacon("/exit/");
    } catch (e) {
      // Old or refused: an idle draft is destroyed anyway, and half of its key is gone.
    }
    try {
      channel.postMessage(1);
    } catch (e) {
      // The other tabs show no answers once the server knows.
    }
    depart();
  }

  function on(type, act) {
    w.addEventListener(type, act, true);
  }

  function forgetShift() {
    shiftAlone = false;
    shifts = 0;
  }

  nameKeys();

  on("keydown", function (event) {
    if (!leaving && (event.isComposing || event.keyCode === 229 || keysOff())) {
      return;
    }
    if (event.key === "Escape") {
      // Also while under way: a second, panicked press would cancel the load.
      leave(event);
    } else if (event.key === "Shift") {
      shiftAlone = shiftAlone || !event.repeat;
    } else {
      forgetShift();
    }
  });

  on("keyup", function (event) {
    if (event.key === "Shift" && shiftAlone) {
      shiftAlone = false;
      shifts = event.timeStamp - lastShift < SHIFT_MS ? shifts + 1 : 1;
      lastShift = event.timeStamp;
      if (shifts > 2) {
        leave(event);
      }
    }
  });

  on("pointerdown", forgetShift);

  on("click", function (event) {
    if (event.target.closest("[data-exit]")) {
      leave(event);
    }
  });

  on("online", function () {
    if (leaving) {
      go(0);
    }
  });

  // A page that the browser keeps for Back is kept hidden, so that no frame of it shows again
  // before this script has looked at the mark.
  on("pagehide", function () {
    root.style.visibility = "hidden";
  });

  on("pageshow", function (event) {
    if (event.persisted) {
      leaving = false;
      if (mark()) {
        follow();
      } else {
        root.style.visibility = "";
      }
    }
    nameKeys();
  });

  // Switched in another tab, meanwhile.
  on("visibilitychange", nameKeys);

  try {
    channel = new BroadcastChannel("x");
    channel.onmessage = follow;
  } catch (e) {
    // No channel: the server has destroyed the draft, and the other tab shows no answers of it.
  }

  // Back, Forward, reload and a restored tab leave again; coming here anew clears the mark. Where
  // Back found no network, the browser loads the page later by itself and calls that a new visit;
  // but it takes the place of the page that said so, and who types an address adds to the history.
  if (mark()) {
    var entry = performance.getEntriesByType("navigation")[0];
    var type = entry ? entry.type : performance.navigation.type || "navigate";
    var activation = (w.navigation || {}).activation || {};
    if (type === "navigate" && activation.navigationType !== "replace") {
      mark("");
    } else {
      follow();
    }
  }
})(document.currentScript);
