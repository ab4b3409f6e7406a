/* Menus made of <details data-dt-menu> close on Esc and on a click elsewhere; "/" goes to the search field; data-dt-print prints. */
(function () {
  "use strict";

  function openMenus() {
    return document.querySelectorAll("details[data-dt-menu][open]");
  }

  document.addEventListener("click", function (event) {
    openMenus().forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.open = false;
      }
    });
    if (event.target.closest("[data-dt-print]")) {
      window.print();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      openMenus().forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    if (event.key === "/" && window.dtKeys && window.dtKeys.on(event)) {
      const search = ["[data-dt-search]", "main input[type=search]", "input[type=search]"]
        .map(function (selector) {
          return document.querySelector(selector);
        })
        .find(Boolean);
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
  });

  htmx.onLoad(function (root) {
    root.querySelectorAll("[data-dt-print][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  });
})();
