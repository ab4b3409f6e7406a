/*
 * Phân công: makes the table [data-assign] a grid of the keyboard. One cell, one block, a whole row or column is given by
 * c, p, b, taken by 0, Delete, Backspace; u or Ctrl+Z takes the last step back. What is given is shown at once and sent in
 * small batches, one after the other; the answer says how the cells stand stored. Without this script the tick boxes and
 * links of the table do the same.
 */
(function () {
  "use strict";

  const table = document.querySelector("[data-assign]");
  if (!table) {
    return;
  }
  const KEYS = { c: "lead", p: "coordinating", b: "informed", 0: "none", Delete: "none", Backspace: "none" };
  const LOOKS = {
    lead: ["c", "C", "chủ trì"],
    coordinating: ["p", "P", "phối hợp"],
    informed: ["b", "B", "để biết"],
    none: ["", "", "không giao"],
  };
  const PAUSE = 250;
  const BACK = "dt-assign-at";
  const status = document.querySelector("[data-a-status]");
  const giveForm = document.querySelector("[data-a-give]");
  const undoForm = document.querySelector("[data-a-undo]");
  const scroll = document.querySelector("[data-a-scroll]");
  const heads = Array.from(table.querySelectorAll("thead th[data-b]"));
  const rows = Array.from(table.querySelectorAll("tbody tr[data-t]"));
  const corner = table.querySelector("thead th");
  const shown = heads.map((head) => head.dataset.b).join(",");
  const columnOf = new Map(heads.map((head, place) => [head.dataset.b, place]));
  const rowOf = new Map(rows.map((row, place) => [row.dataset.t, place]));
  const queue = [];
  let number = giveForm.elements.number.value;
  let at = { row: 0, column: 0 };
  let from = { row: 0, column: 0 };
  let marked = [];
  let busy = false;
  let timer = 0;
  let dragging = false;
  let leaving = false;

  /* Row -1 is the heads of the columns, column -1 those of the rows. */
  function cell(row, column) {
    if (row < 0) {
      return column < 0 ? corner : heads[column];
    }
    return rows[row].cells[column + 1];
  }

  function say(words, bad) {
    status.textContent = words;
    status.classList.toggle("is-bad", Boolean(bad));
  }

  /* ---- where one is, what is chosen ---- */

  function span(a, b, last) {
    return a < 0 || b < 0 ? [0, last] : [Math.min(a, b), Math.max(a, b)];
  }

  function block() {
    const [top, bottom] = span(from.row, at.row, rows.length - 1);
    const [left, right] = span(from.column, at.column, heads.length - 1);
    return { top, bottom, left, right };
  }

  function mark() {
    marked.forEach((one) => one.removeAttribute("aria-selected"));
    marked = [];
    const chosen = block();
    const single = from.row === at.row && from.column === at.column && at.row >= 0 && at.column >= 0;
    if (single) {
      return;
    }
    for (let row = chosen.top; row <= chosen.bottom; row += 1) {
      for (let column = chosen.left; column <= chosen.right; column += 1) {
        const one = cell(row, column);
        one.setAttribute("aria-selected", "true");
        marked.push(one);
      }
    }
    say("Đang chọn " + marked.length + " ô.");
  }

  function go(row, column, keep) {
    const old = cell(at.row, at.column);
    old.tabIndex = -1;
    at = { row: Math.max(-1, Math.min(row, rows.length - 1)), column: Math.max(-1, Math.min(column, heads.length - 1)) };
    if (!keep) {
      from = { row: at.row, column: at.column };
    }
    const now = cell(at.row, at.column);
    now.tabIndex = 0;
    if (now.tagName === "TD" && !now.hasAttribute("aria-label")) {
      now.setAttribute("aria-label", LOOKS.none[2]);
    }
    now.focus({ preventScroll: true });
    show(now);
    mark();
  }

  /* Behind the heads that stay there is no seeing. */
  function show(one) {
    if (one.tagName === "TH") {
      one.scrollIntoView({ block: "nearest", inline: "nearest" });
      return;
    }
    const box = scroll.getBoundingClientRect();
    const place = one.getBoundingClientRect();
    const left = box.left + corner.offsetWidth;
    const top = box.top + corner.offsetHeight;
    if (place.left < left) {
      scroll.scrollLeft -= left - place.left + 4;
    } else if (place.right > box.left + scroll.clientWidth) {
      scroll.scrollLeft += place.right - box.left - scroll.clientWidth + 4;
    }
    if (place.top < top) {
      scroll.scrollTop -= top - place.top + 4;
    } else if (place.bottom > box.top + scroll.clientHeight) {
      scroll.scrollTop += place.bottom - box.top - scroll.clientHeight + 4;
    }
    if (box.top < 0 || box.bottom > window.innerHeight) {
      one.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  /* ---- giving ---- */

  function draw(one, look) {
    one.className = look[0];
    one.textContent = look[1];
    one.setAttribute("aria-label", look[2]);
  }

  function lookOf(one) {
    return [one.className.replace(/ ?is-waiting/, ""), one.textContent, one.getAttribute("aria-label") || LOOKS.none[2]];
  }

  function give(role) {
    if (!rows.length || !heads.length) {
      return;
    }
    const chosen = block();
    const wanted = { role: role, tasks: [], bodies: [], before: new Map() };
    for (let column = chosen.left; column <= chosen.right; column += 1) {
      wanted.bodies.push(heads[column].dataset.b);
    }
    for (let row = chosen.top; row <= chosen.bottom; row += 1) {
      wanted.tasks.push(rows[row].dataset.t);
      for (let column = chosen.left; column <= chosen.right; column += 1) {
        const one = cell(row, column);
        wanted.before.set(one, lookOf(one));
        draw(one, LOOKS[role]);
        one.classList.add("is-waiting");
      }
    }
    if (!joined(wanted)) {
      queue.push(wanted);
    }
    say(LOOKS[role][2] + (wanted.before.size > 1 ? ": " + wanted.before.size + " ô" : "") + ", đang lưu …");
    window.clearTimeout(timer);
    timer = window.setTimeout(sendNext, PAUSE);
  }

  /* Cells of one row or column given the same role one after the other are one step. */
  function joined(wanted) {
    const last = queue[queue.length - 1];
    if (!last || last.role !== wanted.role || last.undo) {
      return false;
    }
    const sameTasks = last.tasks.join() === wanted.tasks.join();
    if (!sameTasks && last.bodies.join() !== wanted.bodies.join()) {
      return false;
    }
    const [mine, more] = sameTasks ? [last.bodies, wanted.bodies] : [last.tasks, wanted.tasks];
    more.filter((one) => !mine.includes(one)).forEach((one) => mine.push(one));
    wanted.before.forEach((look, one) => last.before.has(one) || last.before.set(one, look));
    return true;
  }

  function undo() {
    if (undoForm.hidden && !queue.length && !busy) {
      say("Không có bước nào để hoàn tác.");
      return;
    }
    queue.push({ undo: true });
    window.clearTimeout(timer);
    sendNext();
  }

  function sendNext() {
    if (busy || !queue.length) {
      return;
    }
    busy = true;
    const wanted = queue.shift();
    const body = new URLSearchParams({ shown: shown });
    if (wanted.undo) {
      body.set("number", undoForm.elements.number.value);
    } else {
      body.set("number", number);
      body.set("tasks", wanted.tasks.join(","));
      body.set("bodies", wanted.bodies.join(","));
      body.set("role", wanted.role);
    }
    fetch(wanted.undo ? undoForm.action : table.dataset.cells, {
      method: "POST",
      body: body,
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": giveForm.elements.csrfmiddlewaretoken.value },
    })
      .then(function (answer) {
        if (!/json/.test(answer.headers.get("Content-Type") || "")) {
          throw new Error(answer.type === "opaqueredirect" ? "Phiên làm việc đã hết. Hãy đăng nhập lại" : "Máy chủ không nhận");
        }
        return answer.json().then((told) => take(wanted, told, answer.ok));
      })
      .catch(function (problem) {
        const reason = problem instanceof TypeError ? "Mất kết nối" : problem.message;
        giveUp([wanted].concat(queue.splice(0)));
        say(reason + "; chưa lưu được, các ô trở lại như đã lưu.", true);
      })
      .finally(function () {
        busy = false;
        sendNext();
      });
  }

  function giveUp(all) {
    all.reverse().forEach(function (wanted) {
      if (wanted.before) {
        wanted.before.forEach((look, one) => draw(one, look));
      }
    });
  }

  function take(wanted, told, ok) {
    if (!ok) {
      giveUp([wanted].concat(queue.splice(0)));
    } else if (wanted.before) {
      wanted.before.forEach((look, one) => one.classList.remove("is-waiting"));
      redraw(wanted);
    }
    if (told.reload) {
      sessionStorage.setItem(BACK, [table.dataset.cells, rows[Math.max(at.row, 0)].dataset.t, (heads[at.column] || heads[0]).dataset.b].join(" "));
      leaving = true;
      window.location.reload();
      return;
    }
    Object.keys(told.cells || {}).forEach(function (task) {
      Object.keys(told.cells[task]).forEach(function (body) {
        if (rowOf.has(task) && columnOf.has(body)) {
          const one = cell(rowOf.get(task), columnOf.get(body));
          if (!waits(one)) {
            draw(one, told.cells[task][body]);
          }
        }
      });
    });
    if (told.number !== undefined) {
      number = String(told.number);
      document.querySelectorAll("input[name=number]").forEach(function (input) {
        if (!input.form.action.includes("/hoan-tac/")) {
          input.value = number;
        }
      });
      undoForm.hidden = told.undo === null;
      undoForm.elements.number.value = told.undo === null ? "" : told.undo;
      undoForm.querySelector("[data-a-step]").textContent = told.words;
    }
    if (told.warnings !== undefined) {
      document.getElementById("a-warnings").innerHTML = told.warnings;
    }
    say(told.said, !ok);
  }

  function waits(one) {
    return queue.some((wanted) => wanted.before && wanted.before.has(one));
  }

  /* A cell that the answer does not name stands as it was: the role was given through the group already. */
  function redraw(wanted) {
    wanted.before.forEach(function (look, one) {
      if (!waits(one)) {
        draw(one, look);
      }
    });
  }

  /* ---- keys and mouse ---- */

  const MOVES = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    PageUp: [-10, 0],
    PageDown: [10, 0],
  };

  function moved(event) {
    const far = event.ctrlKey || event.metaKey;
    if (event.key === "Home") {
      return [far ? 0 : at.row, 0];
    }
    if (event.key === "End") {
      return [far ? rows.length - 1 : at.row, heads.length - 1];
    }
    const step = MOVES[event.key];
    if (!step || far || event.altKey) {
      return null;
    }
    const row = at.row + step[0];
    return [Math.abs(step[0]) > 1 ? Math.max(0, row) : row, at.column + step[1]];
  }

  table.addEventListener("keydown", function (event) {
    if (event.target.closest("a, input")) {
      return;
    }
    const place = moved(event);
    const held = event.ctrlKey || event.metaKey;
    if (place) {
      go(place[0], place[1], event.shiftKey);
    } else if (held && !event.altKey && event.key.toLowerCase() === "z") {
      undo();
    } else if (held && event.key.toLowerCase() === "a") {
      from = { row: -1, column: -1 };
      mark();
    } else if (held && event.key === " ") {
      from = { row: -1, column: at.column };
      mark();
    } else if (event.shiftKey && event.key === " ") {
      from = { row: at.row, column: -1 };
      mark();
    } else if (held || event.altKey) {
      return;
    } else if (KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]) {
      give(KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key]);
    } else if (event.key.toLowerCase() === "u") {
      undo();
    } else if (event.key === "Escape") {
      from = { row: at.row, column: at.column };
      mark();
      say("");
    } else if (event.key === "Enter" || event.key === "F2") {
      const link = cell(at.row, at.column).querySelector("a") || rows[Math.max(at.row, 0)].querySelector("th a");
      if (link) {
        link.click();
      }
    } else {
      return;
    }
    event.preventDefault();
  });

  function placeOf(target) {
    const one = target.closest("td, th");
    if (!one || !table.contains(one)) {
      return null;
    }
    if (one === corner) {
      return [-1, -1];
    }
    if (one.dataset.b) {
      return [-1, columnOf.get(one.dataset.b)];
    }
    const row = one.closest("tr[data-t]");
    return row ? [rowOf.get(row.dataset.t), one.cellIndex - 1] : null;
  }

  table.addEventListener("mousedown", function (event) {
    const place = event.button === 0 && !event.target.closest("a, input") && placeOf(event.target);
    if (place) {
      event.preventDefault();
      dragging = true;
      go(place[0], place[1], event.shiftKey);
    }
  });

  table.addEventListener("mouseover", function (event) {
    const place = dragging && event.buttons === 1 && placeOf(event.target);
    if (place) {
      go(place[0], place[1], true);
    }
  });

  document.addEventListener("mouseup", function () {
    dragging = false;
  });

  table.addEventListener("focusin", function (event) {
    const place = placeOf(event.target);
    if (place && !event.target.closest("a, input") && (place[0] !== at.row || place[1] !== at.column)) {
      go(place[0], place[1]);
    }
  });

  giveForm.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.name === "role") {
      event.preventDefault();
      give(event.submitter.value);
    }
  });

  undoForm.addEventListener("submit", function (event) {
    event.preventDefault();
    undo();
  });

  document.querySelector("[data-a-more]").addEventListener("click", function (event) {
    event.preventDefault();
    document.getElementById("tim").focus();
  });

  window.addEventListener("beforeunload", function (event) {
    if (!leaving && (busy || queue.length)) {
      event.preventDefault();
    }
  });

  /* ---- the table as a grid ---- */

  table.setAttribute("role", "grid");
  table.setAttribute("aria-multiselectable", "true");
  table.closest("section").classList.add("is-grid");
  if (heads.length) {
    scroll.removeAttribute("tabindex");
  }
  table.querySelectorAll("th a, th input").forEach(function (one) {
    one.tabIndex = -1;
  });
  heads.concat(rows.map((row) => row.cells[0]), corner).forEach(function (head) {
    head.tabIndex = -1;
  });
  if (rows.length && heads.length) {
    let kept = "";
    try {
      kept = sessionStorage.getItem(BACK) || "";
      sessionStorage.removeItem(BACK);
    } catch (error) {
      /* a browser that keeps nothing begins at the first cell */
    }
    const [page, task, body] = kept.split(" ");
    cell(0, 0).tabIndex = 0;
    if (page === table.dataset.cells && rowOf.has(task) && columnOf.has(body)) {
      // The browser goes to the address's own place once all is loaded: here one goes on where one was.
      history.replaceState(null, "", window.location.pathname + window.location.search);
      window.addEventListener("load", () => go(rowOf.get(task), columnOf.get(body)));
    }
  }
})();
