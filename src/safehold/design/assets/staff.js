// Staff pages have a button to leave, never a key: keys belong to the officer's other tools.
document.addEventListener("click", function (event) {
  var link = event.target.closest("a[data-leave]");
  if (link) {
    event.preventDefault();
    document.documentElement.textContent = "";
    location.replace(link.href);
  }
});

// Whoever is signed in leaves by signing out: the page goes at once, the answer leads on.
document.addEventListener("submit", function (event) {
  if (event.target.matches("[data-leave]")) {
    document.body.hidden = true;
  }
});

// Staying signed in must not take the page away, with what was typed on it. Without this script the
// link opens a tab of its own.
(function () {
  var warning = document.querySelector("[data-idle]");
  if (!warning) {
    return;
  }
  var link = warning.querySelector("[data-stay]");
  var words = warning.querySelector("[data-idle-words]");
  link.removeAttribute("target");
  link.querySelector("[data-new-tab]").remove();
  link.addEventListener("click", function (event) {
    event.preventDefault();
    fetch(link.href, { redirect: "error" }).then(
      function () {
        warning.style.animation = "none";
        void warning.offsetHeight; // so that the same animation begins anew
        warning.style.animation = "";
      },
      function () {
        words.textContent =
          "You may be signed out, or the line is down. Copy what you typed before you go on.";
      },
    );
  });
})();
