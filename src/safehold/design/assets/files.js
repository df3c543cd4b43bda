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

  function post(headers, body) {
    return fetch(form.action, {
      method: "POST",
      headers: headers,
      body: body,
      credentials: "same-origin",
      redirect: "error",
    }).then(function (answer) {
      if (answer.status === 409) {
        return answer.json().then(function (told) {
          location.replace(told.to);
          return new Promise(function () {});
        });
      }
      if (!answer.ok) {
        throw new Error();
      }
      return answer.json();
    });
  }

  function again(step, wait) {
    return step().catch(function () {
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
      return sendParts(file, id, told.have);
    });
  }

  function send(files, at) {
    if (at >= files.length) {
      location.replace(location.href);
      return;
    }
    var file = files[at];
    tell({
      do: "begin",
      name: file.name,
      size: file.size,
      stamp: String(file.lastModified),
      intimate: form.elements.intimate.checked,
    })
      .then(function (told) {
        return sendParts(file, told.file, told.have);
      })
      .then(function () {
        send(files, at + 1);
      });
  }

  form.addEventListener("submit", function (event) {
    var files = form.elements.file.files;
    if (!files.length || busy) {
      if (busy) {
        event.preventDefault();
      }
      return;
    }
    event.preventDefault();
    busy = true;
    form.querySelector("button").disabled = true;
    send(files, 0);
  });
})();
