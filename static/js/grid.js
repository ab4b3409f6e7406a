/*
 * A table marked data-dt-grid is walked with the arrow keys: one of its cells is a stop of the Tab key, the arrows, Home and
 * End (with Ctrl: of the whole table) move it, Enter opens the cell's link. Pointing at a cell says task, unit and state in
 * full. Without this script every link is a stop of its own. Tables that htmx brings later work alike.
 */
(function () {
  "use strict";

  if (window.dtGrid) {
    return;
  }
  window.dtGrid = true;

  const CELLS = "td.dt-cell";

  function stopOf(cell) {
    return cell.firstElementChild;
  }

  function rowsOf(table) {
    return Array.from(table.tBodies).flatMap(function (body) {
      return Array.from(body.rows).map(function (row) {
        return Array.from(row.querySelectorAll(CELLS));
      });
    });
  }

  /* Make one cell the stop of the table. */
  function settle(table, cell) {
    const before = table.querySelector("[data-dt-stop]");
    if (before) {
      before.tabIndex = -1;
      delete before.dataset.dtStop;
    }
    const stop = stopOf(cell);
    stop.tabIndex = 0;
    stop.dataset.dtStop = "";
  }

  function begin(table) {
    const links = table.querySelectorAll(CELLS + " > a");
    if (table.hasAttribute("role") || !links.length) {
      return;
    }
    table.setAttribute("role", "grid");
    table.setAttribute("aria-readonly", "true");
    links.forEach(function (link) {
      link.tabIndex = -1;
    });
    settle(table, links[0].parentElement);
    /* The stop within keeps the scrolled part reachable. */
    const around = table.closest(".dt-scroll[tabindex]");
    if (around) {
      around.removeAttribute("tabindex");
    }
  }

  function beginAll() {
    document.querySelectorAll("table[data-dt-grid]").forEach(begin);
  }

  function place(rows, cell) {
    const row = rows.findIndex(function (cells) {
      return cells.includes(cell);
    });
    return [row, rows[row].indexOf(cell)];
  }

  function next(rows, cell, event) {
    let [row, column] = place(rows, cell);
    const last = rows[row].length - 1;
    switch (event.key) {
      case "ArrowRight": column += 1; break;
      case "ArrowLeft": column -= 1; break;
      case "ArrowDown": row += 1; break;
      case "ArrowUp": row -= 1; break;
      case "Home": column = 0; row = event.ctrlKey ? 0 : row; break;
      case "End": column = last; row = event.ctrlKey ? rows.length - 1 : row; break;
      default: return null;
    }
    return (rows[row] && rows[row][column]) || cell;
  }

  document.addEventListener("keydown", function (event) {
    const cell = event.target.closest && event.target.closest("table[data-dt-grid] " + CELLS);
    if (!cell || event.altKey || event.metaKey || event.shiftKey) {
      return;
    }
    const table = cell.closest("table");
    const found = next(rowsOf(table), cell, event);
    if (found) {
      event.preventDefault();
      settle(table, found);
      stopOf(found).focus();
    }
  });

  /* A click makes its cell the stop, so that the arrows go on from there. */
  document.addEventListener("focusin", function (event) {
    const cell = event.target.closest("table[data-dt-grid][role] " + CELLS);
    if (cell && stopOf(cell) === event.target) {
      settle(cell.closest("table"), cell);
    }
  });

  document.addEventListener("mouseover", function (event) {
    const cell = event.target.closest && event.target.closest("table[data-dt-grid] " + CELLS);
    if (!cell || cell.title) {
      return;
    }
    const row = cell.parentElement;
    const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
    const words = stopOf(cell).getAttribute("aria-label");
    cell.title = row.cells[0].title + "\n" + (head.title || head.textContent.trim()) + "\n" + words;
  });

  document.addEventListener("htmx:afterSettle", beginAll);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", beginAll);
  } else {
    beginAll();
  }
})();
