/*
 * data-dt-confirm="…?" on a form or a submit button asks before the form goes.
 * [data-dt-asked] on the form: it was asked already, and what was pressed only waited for something.
 * Listens in the capture phase, so that it comes before htmx. Without JavaScript the form goes at once.
 */
(function () {
  "use strict";

  const sure = new WeakSet();

  function ask(words, then) {
    const dialog = document.getElementById("dt-confirm");
    if (!dialog || typeof dialog.showModal !== "function") {
      if (window.confirm(words)) {
        then();
      }
      return;
    }
    document.getElementById("dt-confirm-words").textContent = words;
    dialog.onclick = function (event) {
      const button = event.target.closest("[data-dt-answer]");
      if (button) {
        dialog.close();
        if (button.dataset.dtAnswer === "yes") {
          then();
        }
      }
    };
    dialog.showModal();
  }

  document.addEventListener(
    "submit",
    function (event) {
      const form = event.target;
      const button = event.submitter;
      const words = (button && button.dataset.dtConfirm) || form.dataset.dtConfirm;
      if (!words || sure.delete(form) || form.dataset.dtAsked) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(words, function () {
        sure.add(form);
        form.requestSubmit(button || undefined);
      });
    },
    true
  );
})();
