/*
 * Links found while somebody types: the arrow down goes from the field into the list, arrows walk in it, Esc goes back to
 * the field. Tab works as everywhere. An answer that belongs to words no longer in the field is not shown.
 */
(function () {
  "use strict";

  const box = document.querySelector("[data-dt-found]");
  const field = box && document.getElementById(box.dataset.dtFound);
  if (!field) {
    return;
  }

  function go(event, target) {
    event.preventDefault();
    target.focus();
  }

  field.addEventListener("keydown", function (event) {
    const first = box.querySelector("a");
    if (event.key === "ArrowDown" && first) {
      go(event, first);
    }
  });

  box.addEventListener("keydown", function (event) {
    const links = Array.from(box.querySelectorAll("a"));
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape" || (event.key === "ArrowUp" && at === 0)) {
      go(event, field);
    } else if (event.key === "ArrowUp" && at > 0) {
      go(event, links[at - 1]);
    } else if (event.key === "ArrowDown" && at >= 0 && at < links.length - 1) {
      go(event, links[at + 1]);
    }
  });

  box.addEventListener("htmx:beforeSwap", function (event) {
    const asked = event.detail.requestConfig && event.detail.requestConfig.parameters;
    if (asked && asked.q !== undefined && asked.q !== field.value) {
      event.detail.shouldSwap = false;
    }
  });
})();
