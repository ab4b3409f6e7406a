/* Arrow keys go from day to day of the month; without them Tab does. */
"use strict";

(() => {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  document.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const day = event.target.closest?.("[data-dt-month] .dt-month__day");
    if (!step || !day || event.altKey || event.ctrlKey || event.metaKey) return;
    const days = [...document.querySelectorAll("[data-dt-month] .dt-month__day")];
    const next = days[days.indexOf(day) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
})();
