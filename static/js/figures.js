/*
 * The parts of a figure add up while they are typed. The server adds them up again when the report is
 * saved; without JavaScript the sum of the last save stands there.
 */
(function () {
  "use strict";

  const WHOLE = /^([0-9]+|[0-9]{1,3}([.\s][0-9]{3})+)$/;

  function add(group) {
    let sum = 0;
    let some = false;
    for (const input of group.querySelectorAll("input[inputmode=numeric]")) {
      const typed = input.value.trim();
      if (typed && !WHOLE.test(typed)) {
        return "–";
      }
      if (typed) {
        some = true;
        sum += Number(typed.replace(/[.\s]/g, ""));
      }
    }
    return some ? sum.toString().replace(/\B(?=([0-9]{3})+$)/g, ".") : "–";
  }

  for (const group of document.querySelectorAll("[data-dt-parts]")) {
    const out = group.querySelector("[data-dt-sum]");
    group.addEventListener("input", function () {
      out.textContent = add(group);
    });
  }
})();
