/*
 * Single keys: data-dt-key="j" on a link, button or summary is pressed by that letter, data-dt-key-words says what it does;
 * "?" shows them. Never while somebody types, nor with another key held, nor in a dialog; a tick in the list of keys
 * switches them all off in this browser (WCAG 2.1.4). Other scripts ask window.dtKeys.on(event).
 */
(function () {
  "use strict";

  const OFF = "dt-keys-off";
  const ALWAYS = [["/", "Tới ô tìm kiếm"], ["Ctrl K", "Đi tới đơn vị, nhiệm vụ, văn bản"], ["?", "Xem các phím tắt"]];

  function isOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch (error) {
      return false;
    }
  }

  function switchTo(off) {
    try {
      if (off) {
        localStorage.setItem(OFF, "1");
      } else {
        localStorage.removeItem(OFF);
      }
    } catch (error) {
      /* a browser that keeps nothing keeps the keys */
    }
  }

  /* Whether a single key may act on this event. */
  function on(event) {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    const ticking = typing && typing.matches("input[type=checkbox], input[type=radio]");
    const held = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
    return !event.defaultPrevented && !held && (!typing || ticking) && !isOff() && !document.querySelector("dialog[open]");
  }

  function row(key, words) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    said.textContent = words;
    line.append(term, said);
    return line;
  }

  function help() {
    const dialog = document.createElement("dialog");
    dialog.className = "dt-dialog dt-keys";
    dialog.setAttribute("aria-labelledby", "dt-keys-title");
    const body = document.createElement("div");
    body.className = "dt-dialog__body";
    const title = document.createElement("h2");
    title.id = "dt-keys-title";
    title.textContent = "Phím tắt";
    const list = document.createElement("dl");
    const shown = new Set();
    document.querySelectorAll("[data-dt-key]").forEach(function (element) {
      if (!shown.has(element.dataset.dtKey)) {
        shown.add(element.dataset.dtKey);
        list.append(row(element.dataset.dtKey, element.dataset.dtKeyWords));
      }
    });
    ALWAYS.forEach(function (pair) {
      list.append(row(pair[0], pair[1]));
    });
    const label = document.createElement("label");
    const box = document.createElement("input");
    label.className = "form-check-label";
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = !isOff();
    box.addEventListener("change", function () {
      switchTo(!box.checked);
    });
    label.append(box, " Dùng phím tắt trên máy này");
    const foot = document.createElement("div");
    foot.className = "dt-dialog__foot";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-primary";
    close.textContent = "Đóng";
    close.addEventListener("click", function () {
      dialog.close();
    });
    dialog.addEventListener("close", function () {
      dialog.remove();
    });
    body.append(title, list, label);
    foot.append(close);
    dialog.append(body, foot);
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  }

  function press(element) {
    if (element.matches("summary")) {
      const box = element.parentElement;
      box.open = true;
      const first = box.querySelector("textarea, input:not([type=hidden]):not([type=checkbox])");
      (first || element).focus();
    } else {
      element.click();
    }
  }

  document.addEventListener("keydown", function (event) {
    if (!on(event)) {
      return;
    }
    if (event.key === "?") {
      event.preventDefault();
      help();
      return;
    }
    const found = /^[a-z]$/.test(event.key) && document.querySelector('[data-dt-key="' + event.key + '"]');
    if (found) {
      event.preventDefault();
      press(found);
    }
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-dt-keys-help]")) {
      help();
    }
  });

  htmx.onLoad(function (root) {
    root.querySelectorAll("[data-dt-keys-help][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  });

  window.dtKeys = { on: on };
})();
