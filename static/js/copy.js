/* data-dt-copy="id" copies the text of the field with that id; without JavaScript the button stays hidden and the text is selected by hand. */
(function () {
  "use strict";

  function mark(field) {
    field.focus();
    field.select();
  }

  function copied(button) {
    const words = button.textContent;
    button.textContent = button.dataset.dtCopied;
    setTimeout(function () {
      button.textContent = words;
    }, 2000);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-dt-copy]");
    if (!button) {
      return;
    }
    const field = document.getElementById(button.dataset.dtCopy);
    mark(field);
    // Plain http inside an office has no clipboard; the old way works there.
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(field.value).then(function () {
        copied(button);
      }, function () {});
    } else if (document.execCommand("copy")) {
      copied(button);
    }
  });

  htmx.onLoad(function (root) {
    root.querySelectorAll("[data-dt-copy][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  });
})();
