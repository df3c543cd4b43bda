document.addEventListener("click",function(e){var t=e.target.closest("[data-leave]");t&&(e.preventDefault(),document.documentElement.textContent="",location.replace(t.href))});
