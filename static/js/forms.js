/*
 * Forms: data-dt-autosubmit sends a filter when a choice changes; data-dt-unsaved warns before
 * typed text is lost; data-dt-focus takes the focus (the summary of errors).
 */
(function () {
  "use strict";

  const changed = new Set();

  function startAutosubmit(form) {
    form.addEventListener("change", function (event) {
      if (event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
        form.requestSubmit();
      }
    });
  }

  function startUnsaved(form) {
    form.addEventListener("input", function () {
      changed.add(form);
    });
    form.addEventListener("submit", function () {
      changed.delete(form);
    });
  }

  window.addEventListener("beforeunload", function (event) {
    for (const form of changed) {
      if (document.contains(form)) {
        event.preventDefault();
        return;
      }
    }
  });

  /* Whoever signs out by hand leaves nothing of a draft, nor where they went, in this browser; who was signed out by time finds it again. */
  document.addEventListener("submit", function (event) {
    if (!/\/accounts\/logout\/$/.test(event.target.getAttribute("action") || "")) {
      return;
    }
    for (let place = window.localStorage.length - 1; place >= 0; place -= 1) {
      const name = window.localStorage.key(place);
      if (/^dt-(draft:|recent$)/.test(name || "")) {
        window.localStorage.removeItem(name);
      }
    }
  });

  function all(root, selector) {
    const found = Array.from(root.querySelectorAll(selector));
    return root.matches && root.matches(selector) ? [root].concat(found) : found;
  }

  htmx.onLoad(function (root) {
    all(root, "form[data-dt-autosubmit]").forEach(startAutosubmit);
    all(root, "form[data-dt-unsaved]").forEach(startUnsaved);
    all(root, "[data-dt-focus]").slice(0, 1).forEach(function (element) {
      element.focus();
    });
  });
})();
