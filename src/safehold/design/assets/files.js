// Sends chosen files in parts, so that a lost connection costs one part and not the file. Without it
// the form sends them whole. What this script is told of a file: which parts are there.
(function () {
  var form = document.querySelector("[data-files]");
  if (!form || !window.fetch || !window.Blob) {
    return;
  }
  var says = form.dataset;
  var progress = form.querySelector("[data-progress]");
  var RETRY_MS = 2000;
  var LONGEST_WAIT_MS = 30000;
  var busy;
  var pressed;
  var refused = false;

  // Another way to say no than "come again": this file is left, and the next one goes on.
  function Refused() {}

  function post(headers, body) {
    return fetch(form.action, {
      method: "POST",
      headers: headers,
      body: body,
      credentials: "same-origin",
      redirect: "error",
    }).then(function (answer) {
      if (answer.status === 429 || answer.status === 503) {
        throw new Error();
      }
      if (!answer.ok) {
        throw new Refused();
      }
      return answer.json();
    });
  }

  function again(step, wait) {
    return step().catch(function (problem) {
      if (problem instanceof Refused) {
        throw problem;
      }
      progress.textContent = says.saysWaiting;
      return new Promise(function (done) {
        setTimeout(done, wait);
      }).then(function () {
        return again(step, Math.min(wait * 2, LONGEST_WAIT_MS));
      });
    });
  }

  function tell(message) {
    return again(function () {
      return post({ "Content-Type": "application/json" }, JSON.stringify(message));
    }, RETRY_MS);
  }

  function sendParts(file, id, have) {
    var size = Number(says.part);
    var count = Math.ceil(file.size / size);
    if (have >= count) {
      return tell({ do: "finish", file: id, size: file.size });
    }
    progress.textContent = says.saysSending.replace("%p", Math.floor((100 * have) / count));
    return again(function () {
      return post(
        { "Content-Type": "application/octet-stream", "X-File": id, "X-Part": String(have) },
        file.slice(have * size, (have + 1) * size)
      );
    }, RETRY_MS).then(function (told) {
      if (told.have === have) {
        throw new Refused();
      }
      return sendParts(file, id, told.have);
    });
  }

  function send(files, at) {
    if (at >= files.length) {
      return Promise.resolve();
    }
    var file = files[at];
    return tell({
      do: "begin",
      name: file.name,
      size: file.size,
      stamp: String(file.lastModified),
      intimate: form.elements.intimate.checked,
      more: at > 0,
    })
      .then(function (told) {
        return sendParts(file, told.file, told.have);
      })
      .catch(function () {
        refused = true;
      })
      .then(function () {
        return send(files, at + 1);
      });
  }

  function adds() {
    return !pressed || pressed.value === "add";
  }

  // Nothing is left to add: the page is answered as any other.
  function goOn() {
    form.action = location.pathname;
    form.enctype = "application/x-www-form-urlencoded";
  }

  form.addEventListener("click", function (event) {
    pressed = event.target.closest("button") || pressed;
  });

  form.addEventListener("submit", function (event) {
    var files = form.elements.file ? form.elements.file.files : [];
    if (busy) {
      event.preventDefault();
      return;
    }
    if (!files.length) {
      if (!adds()) {
        goOn();
      }
      return;
    }
    event.preventDefault();
    busy = true;
    send(files, 0).then(function () {
      if (refused || adds()) {
        location.replace(location.href);
        return;
      }
      busy = false;
      form.elements.file.value = "";
      pressed.click();
    });
  });
})();
