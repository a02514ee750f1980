// Saves a reload while a file is checked, and offers printing. The pages work without it.
(function () {
  "use strict";
  var box = document.querySelector("[data-sd-wait]");
  var wait = 1000;

  function look() {
    fetch(box.getAttribute("data-sd-wait"), { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (response) {
        if (!response.ok) {
          throw new Error(String(response.status));
        }
        var state = response.headers.get("X-Satudata-State");
        if (state !== "queued" && state !== "running") {
          window.location.reload();
          return null;
        }
        return response.text();
      })
      .then(function (text) {
        if (text !== null) {
          box.innerHTML = text;
          wait = Math.min(wait * 1.2, 5000);
          window.setTimeout(look, wait);
        }
      })
      .catch(function () {
        wait = Math.min(wait * 2, 30000);
        window.setTimeout(look, wait);
      });
  }

  if (box) {
    window.setTimeout(look, wait);
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-sd-print]"), function (link) {
    link.hidden = false;
    link.addEventListener("click", function (event) {
      event.preventDefault();
      window.print();
    });
  });
})();
