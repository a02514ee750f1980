// Keys for lists: j and k move, Enter opens (the link has the focus), x ticks, a takes, / searches, ? tells the keys.
// Everything can be done without it.
(function () {
  "use strict";
  var page = document.querySelector("[data-sd-desk]");
  if (!page) {
    return;
  }
  var rows = Array.prototype.slice.call(page.querySelectorAll("[data-sd-row]"));
  var keys = page.querySelector("[data-sd-keys]");
  var hint = page.querySelector(".sd-keys");
  var at = -1;

  function typing(target) {
    return /^(input|select|textarea)$/i.test(target.tagName) && target.type !== "checkbox";
  }

  function go(step) {
    var here = rows.findIndex(function (row) {
      return row.contains(document.activeElement);
    });
    at = Math.max(0, Math.min(rows.length - 1, (here === -1 ? at : here) + step));
    rows.forEach(function (row, number) {
      row.classList.toggle("is-at", number === at);
    });
    rows[at].querySelector("a").focus();
  }

  function inside(selector) {
    return at === -1 ? null : rows[at].querySelector(selector);
  }

  if (hint && rows.length) {
    hint.hidden = false;
  }
  document.addEventListener("keydown", function (event) {
    var found;
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || (keys && keys.open)) {
      return;
    }
    if ((event.key === "j" || event.key === "k") && rows.length) {
      go(event.key === "j" ? 1 : -1);
    } else if (event.key === "x" && (found = inside("input[type=checkbox]"))) {
      found.click();
    } else if (event.key === "a" && (found = inside("button[name=ambil]"))) {
      found.click();
    } else if (event.key === "/" && (found = page.querySelector("input[type=search]"))) {
      found.focus();
    } else if (event.key === "?" && keys) {
      keys.showModal();
    } else {
      return;
    }
    event.preventDefault();
  });
})();
