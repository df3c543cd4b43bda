// Staff pages have a button to leave, never a key: keys belong to the officer's other tools.
document.addEventListener("click", function (event) {
  var link = event.target.closest("[data-leave]");
  if (link) {
    event.preventDefault();
    document.documentElement.textContent = "";
    location.replace(link.href);
  }
});
