/*
 * "Soát văn bản": the document and its tasks lead to each other, words that are marked become a task or none, keys do
 * what the buttons do. Each step posts the form and takes the answer in its place, so that nothing on the page is older
 * than what is stored. Without this script every button is a button of the form and every link an anchor.
 *
 * Places are code points of the text; a browser counts UTF-16 units, so a letter outside of the BMP is two of them here.
 */
(function () {
  "use strict";

  const VIEW = "dt-check-view";
  let current = null; /* the task that was looked at last, by its number */
  let chosen = null; /* {start, end, cut: "task-place" or "", aside: whether it is set aside} */
  let scrolled = {};

  function board() {
    return document.getElementById("soat");
  }

  function one(selector) {
    const root = board();
    return root ? root.querySelector(selector) : null;
  }

  function all(selector) {
    const root = board();
    return root ? Array.from(root.querySelectorAll(selector)) : [];
  }

  /* ---- places ---- */

  function length(text) {
    let count = 0;
    for (const sign of text) { /* by code points */
      count += sign ? 1 : 0;
    }
    return count;
  }

  /* Whether what stands there is no text of the document: numbers of tasks, of footnotes, buttons without script. */
  function isAdded(node) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return Boolean(element && element.closest("[data-x], noscript, button"));
  }

  /* The code point of the text at which a place of the page stands, or null outside of it. */
  function placeOf(node, offset) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const paragraph = element && element.closest("[data-ck-doc] p[data-s]");
    if (!paragraph) {
      return null;
    }
    const before = document.createRange();
    before.setStart(paragraph, 0);
    before.setEnd(node, offset);
    const walk = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    let count = Number(paragraph.dataset.s);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      if (isAdded(text)) {
        continue;
      }
      if (text === before.endContainer) {
        return count + length(text.data.slice(0, before.endOffset));
      }
      if (before.comparePoint(text, 0) > 0) {
        return count;
      }
      count += length(text.data);
    }
    return count;
  }

  /* The end of a selection that lies outside of a paragraph belongs to the nearest one inside. */
  function edges(range) {
    let start = placeOf(range.startContainer, range.startOffset);
    let end = placeOf(range.endContainer, range.endOffset);
    if (start === null || end === null) {
      const inside = all("[data-ck-doc] p[data-s]").filter(function (paragraph) {
        return range.intersectsNode(paragraph);
      });
      if (!inside.length) {
        return null;
      }
      const last = inside[inside.length - 1];
      start = start === null ? Number(inside[0].dataset.s) : start;
      end = end === null ? placeOf(last, last.childNodes.length) : end;
    }
    return start < end ? { start: start, end: end } : null;
  }

  /* ---- what is chosen ---- */

  function showBar() {
    const bar = one("[data-ck-bar]");
    if (!bar) {
      return;
    }
    bar.hidden = !chosen;
    bar.querySelectorAll("button").forEach(function (button) {
      const verb = button.dataset.ckDo;
      const fits = chosen && (verb === "cut" ? chosen.cut : verb === "reopen" ? chosen.aside : verb !== "dismiss" || !chosen.aside);
      button.hidden = !fits;
      button.value = !fits ? "" : verb === "cut" ? "cut:" + chosen.cut : verb + ":" + chosen.start + "-" + chosen.end;
    });
  }

  function mark(element) {
    all(".ck-open.is-current, .ck-aside.is-current").forEach(function (other) {
      other.classList.remove("is-current");
    });
    if (element) {
      element.classList.add("is-current");
    }
  }

  function choose(found) {
    chosen = found;
    showBar();
  }

  function chooseSentence(element) {
    const places = (element.dataset.o || element.dataset.a).split("-").map(Number);
    mark(element);
    choose({ start: places[0], end: places[1], cut: "", aside: Boolean(element.dataset.a) });
  }

  /* What is selected now; the browser tells of a change later than it makes it. */
  function readSelection() {
    const doc = one("[data-ck-doc]");
    const selection = document.getSelection();
    if (!doc || !selection.rangeCount || selection.isCollapsed) {
      return;
    }
    const range = selection.getRangeAt(0);
    if (!doc.contains(range.startContainer) && !doc.contains(range.endContainer)) {
      return;
    }
    const found = edges(range);
    if (found) {
      const element = range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer;
      const task = element.closest("[data-t]");
      found.cut = task ? task.dataset.t.split(" ")[0] + "-" + found.start : "";
      found.aside = Boolean(element.closest("[data-a]"));
      choose(found);
    }
  }

  document.addEventListener("selectionchange", readSelection);

  /* ---- one task and its words ---- */

  function card(task) {
    return task ? document.getElementById("nv-" + task) : null;
  }

  function into(element) {
    if (element) {
      element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  function look(task, moves) {
    current = task;
    all(".ck-card.is-current, .ck-task.is-current").forEach(function (element) {
      element.classList.remove("is-current");
    });
    const shown = card(task);
    if (!shown) {
      return;
    }
    shown.classList.add("is-current");
    const words = all(".ck-task").filter(function (element) {
      return element.dataset.t.split(" ").includes(task);
    });
    words.forEach(function (element) {
      element.classList.add("is-current");
    });
    if (moves && words.length) {
      into(words[words.length - 1]);
      into(words[0]);
    }
  }

  function goTo(task) {
    const shown = card(task);
    if (shown) {
      shown.focus({ preventScroll: true });
      into(shown);
    }
  }

  function step(by) {
    const cards = all(".ck-card");
    const at = cards.findIndex(function (element) {
      return element.dataset.ckTask === current;
    });
    const next = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : at + by];
    if (next) {
      show("tasks");
      goTo(next.dataset.ckTask);
    }
  }

  function nextOpen() {
    const open = all(".ck-open[id]");
    const active = document.activeElement;
    const after = open.find(function (element) {
      return active && active.closest("[data-ck-doc]") ? active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING : true;
    });
    goToSentence(after || open[0]);
  }

  /* The sentence becomes the selection as well: Shift and the arrows make it longer or shorter. */
  function goToSentence(element) {
    if (!element) {
      return;
    }
    show("text");
    element.focus({ preventScroll: true });
    into(element);
    const pieces = all('.ck-open[data-o="' + element.dataset.o + '"], .ck-aside[data-a="' + element.dataset.a + '"]');
    const last = pieces[pieces.length - 1] || element;
    const range = document.createRange();
    range.setStart(element.firstChild || element, 0);
    range.setEnd(last.lastChild || last, last.lastChild ? last.lastChild.length : 0);
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    chooseSentence(element);
  }

  /* ---- which part is shown on a phone ---- */

  function show(part) {
    const root = board();
    if (!root || !root.dataset.ckShown) {
      return;
    }
    root.dataset.ckShown = part;
    all("[data-ck-view]").forEach(function (button) {
      button.setAttribute("aria-pressed", button.dataset.ckView === part ? "true" : "false");
    });
    try {
      sessionStorage.setItem(VIEW, part);
    } catch (error) {
      /* a browser that keeps nothing begins with the text */
    }
  }

  function startSwitch() {
    let part = "text";
    try {
      part = sessionStorage.getItem(VIEW) || part;
    } catch (error) {
      /* as above */
    }
    all(".ck-switch").forEach(function (element) {
      element.hidden = false;
    });
    board().dataset.ckShown = part;
    show(part);
  }

  /* ---- keys ---- */

  function press(selector) {
    const shown = card(current);
    const button = shown && shown.querySelector('[data-ck="' + selector + '"]');
    if (button) {
      button.click();
    }
  }

  function pressBar(verb) {
    readSelection();
    const button = one('[data-ck-do="' + verb + '"]');
    if (chosen && button && !button.hidden) {
      button.click();
    }
  }

  const KEYS = {
    next: function () { step(1); },
    previous: function () { step(-1); },
    edit: function () { press("edit"); },
    check: function () { press("check"); },
    split: function () { press("split"); },
    notask: function () { press("notask"); },
    open: nextOpen,
    dismiss: function () { pressBar("dismiss"); },
    add: function () { pressBar("add"); },
    undo: function () {
      const button = one('[data-ck="undo"]');
      if (button) {
        button.click();
      }
    },
  };

  document.addEventListener("keydown", function (event) {
    const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "z";
    if (undoes && board() && !event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) {
      event.preventDefault();
      KEYS.undo();
      return;
    }
    if (!window.dtKeys || !window.dtKeys.on(event) || !board()) {
      return;
    }
    const shown = event.target.closest(".ck-card");
    const sentence = event.target.closest("[data-ck-sentence]");
    if (event.key === "Enter" && event.target === shown) {
      event.preventDefault();
      KEYS.edit();
    } else if (event.key === " " && event.target === shown) {
      event.preventDefault();
      KEYS.check();
    } else if ((event.key === "Enter" || event.key === " ") && sentence) {
      event.preventDefault();
      chooseSentence(sentence);
      const first = one("[data-ck-bar] button:not([hidden])");
      if (first) {
        first.focus();
      }
    } else if (event.key === "Escape" && chosen) {
      const back = one(".ck-open.is-current, .ck-aside.is-current");
      document.getSelection().removeAllRanges();
      choose(null);
      mark(null);
      if (back && event.target.closest("[data-ck-bar]")) {
        back.focus();
      }
    }
  });

  document.addEventListener("click", function (event) {
    const key = event.target.closest("[data-ck-key]");
    const view = event.target.closest("[data-ck-view]");
    const code = event.target.closest('a[href^="#nv-"], a[href^="#v-"], a[href^="#o-"]');
    const words = event.target.closest(".ck-task");
    const sentence = event.target.closest("[data-ck-sentence]");
    if (key) {
      KEYS[key.dataset.ckKey]();
    } else if (view) {
      show(view.dataset.ckView);
    } else if (code && board()) {
      event.preventDefault();
      follow(code.getAttribute("href").slice(1));
    } else if (document.getSelection().isCollapsed && words) {
      show("tasks");
      goTo(words.dataset.t.split(" ")[0]);
    } else if (document.getSelection().isCollapsed && sentence) {
      sentence.focus({ preventScroll: true });
      chooseSentence(sentence);
    }
  });

  /* To a task, to its words, to an open sentence: by the id the links of the page without script have. */
  function follow(id) {
    const number = id.split("-")[1];
    if (id.startsWith("nv-")) {
      show("tasks");
      goTo(number);
    } else if (id.startsWith("v-")) {
      show("text");
      look(number, true);
    } else {
      goToSentence(document.getElementById(id));
    }
  }

  /* Chromium starts no selection with the mouse in what may have the focus: it may have it again once the button is up. */
  let held = null;

  document.addEventListener("pointerdown", function (event) {
    held = event.pointerType === "mouse" ? event.target.closest("[data-ck-sentence]") : null;
    if (held) {
      held.removeAttribute("tabindex");
    }
  });

  ["pointerup", "pointercancel"].forEach(function (name) {
    document.addEventListener(name, function () {
      if (held) {
        held.tabIndex = 0;
        held = null;
      }
    });
  });

  document.addEventListener("focusin", function (event) {
    const shown = event.target.closest(".ck-card");
    const sentence = event.target.closest("[data-ck-sentence]");
    if (shown && shown.dataset.ckTask !== current) {
      look(shown.dataset.ckTask, true);
    }
    if (sentence && (!chosen || document.getSelection().isCollapsed)) {
      chooseSentence(sentence);
    }
  });

  /* ---- a step was taken: the same places are shown again ---- */

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target === board()) {
      scrolled = {};
      all("[data-ck-pane]").forEach(function (pane) {
        scrolled[pane.dataset.ckPane] = pane.scrollTop;
      });
    }
  });

  function start() {
    all(".ck-open, .ck-aside").forEach(function (element) {
      element.dataset.ckSentence = "";
      element.tabIndex = 0;
      element.setAttribute("role", "button");
    });
    all("[data-ck-keys]").forEach(function (element) {
      element.hidden = false;
    });
    startSwitch();
    choose(null);
    board().dataset.ckStarted = "";
  }

  /* Not with htmx, which waits a little longer: a key pressed meanwhile would be lost. */
  if (board()) {
    start();
  }

  htmx.onLoad(function (root) {
    if (!board() || (root !== board() && !root.contains(board()))) {
      return;
    }
    if (!("ckStarted" in board().dataset)) {
      start();
    }
    all("[data-ck-pane]").forEach(function (pane) {
      pane.scrollTop = scrolled[pane.dataset.ckPane] || 0;
    });
    const said = one('[data-ck="undo"]');
    if (root === board() && said) {
      document.getElementById("ck-said").textContent = said.textContent;
    }
    const asked = board().dataset.ckGo || window.location.hash.slice(1);
    const again = root === board();
    if (/^(nv|v|o)-\d+$/.test(again ? board().dataset.ckGo : asked)) {
      follow(again ? board().dataset.ckGo : asked);
    } else if (again && card(current)) {
      goTo(current);
    }
  });
})();
