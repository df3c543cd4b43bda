// Keeps answers as they are given. Without this script the buttons do it: nothing else is lost.
(function () {
  var form = document.querySelector("form[data-saves]");
  var words = form && form.querySelector("[data-saved]");
  if (!words || !window.fetch) {
    return;
  }
  var waiting = 0;
  var busy = false;
  var again = false;

  function say(text) {
    words.textContent = text;
  }

  function save() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    say("Saving…");
    fetch(location.href, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Saves": "1" },
      redirect: "error",
    })
      .then(function (answer) {
        return answer.json();
      })
      .then(
        function (kept) {
          var wrong = Object.keys(kept.wrong);
          say(
            wrong.length
              ? "Not all is saved. " + kept.wrong[wrong[0]]
              : "Saved at " + kept.at + ".",
          );
        },
        function () {
          say("Not saved: the line is down, or you are signed out. What you wrote is still here.");
        },
      )
      .then(function () {
        busy = false;
        if (again) {
          again = false;
          save();
        }
      });
  }

  form.addEventListener("change", function () {
    clearTimeout(waiting);
    waiting = setTimeout(save, 400);
  });
  // The button sends all of it: two at once would be two for nothing.
  form.addEventListener("submit", function () {
    clearTimeout(waiting);
  });
})();
