/* The side panel: takes the focus when it is filled, gives it back when it is closed (Esc, "Đóng"). */
(function () {
  "use strict";

  let opener = null;

  function panel() {
    return document.querySelector("[data-dt-panel]");
  }

  function close() {
    const box = panel();
    if (!box || !box.innerHTML) {
      return false;
    }
    box.innerHTML = "";
    if (opener && document.contains(opener)) {
      opener.focus();
    }
    opener = null;
    return true;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    const box = panel();
    if (box && event.detail.target === box && !box.contains(event.detail.elt)) {
      opener = event.detail.elt;
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    const box = panel();
    if (box && event.detail.target === box) {
      box.scrollTop = 0;
      box.focus();
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-dt-panel-close]") && close()) {
      event.preventDefault();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !document.querySelector("dialog[open], details[data-dt-menu][open]")) {
      close();
    }
  });
})();
