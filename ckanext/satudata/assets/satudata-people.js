// Offers names while somebody types one. The form works without it: what was typed is searched when it is sent.
(function () {
  "use strict";
  Array.prototype.forEach.call(document.querySelectorAll("[data-sd-people]"), function (input) {
    var list = document.getElementById(input.getAttribute("list"));
    var timer = null;
    var last = "";

    function show(people) {
      list.textContent = "";
      people.forEach(function (person) {
        var option = document.createElement("option");
        option.value = person.name;
        option.label = person.display_name + " (" + person.name + ")";
        list.appendChild(option);
      });
    }

    function look() {
      var text = input.value.trim();
      if (text.length < 2 || text === last) {
        return;
      }
      last = text;
      fetch(input.getAttribute("data-sd-people") + "?q=" + encodeURIComponent(text), { credentials: "same-origin" })
        .then(function (response) {
          return response.ok ? response.json() : [];
        })
        .then(function (people) {
          if (input.value.trim() === text) {
            show(people);
          }
        })
        .catch(function () {});
    }

    input.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(look, 250);
    });
  });
})();
