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
