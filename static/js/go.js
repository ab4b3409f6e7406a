/*
 * The field "Đi tới" in the head: Ctrl K goes there, a list below it shows what fits while somebody types; arrows walk in
 * the list, Enter takes the first one, Esc closes. Where somebody went lately is kept in this browser alone, for this
 * person alone. Without JavaScript the field opens a page of results.
 */
(function () {
  "use strict";

  const RECENT = "dt-recent";
  const KEPT = 8;
  const WAIT = 200;
  const form = document.querySelector("[data-dt-go]");
  if (!form) {
    return;
  }
  const field = form.querySelector("input");
  const box = document.createElement("div");
  box.className = "dt-go__box";
  box.hidden = true;
  box.id = "dt-go-box";
  form.append(box);
  field.setAttribute("aria-controls", box.id);
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");

  let timer = null;
  let asking = null;
  let shownFor = "";

  function read() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT) || "null");
      return kept && kept.who === form.dataset.dtGo && Array.isArray(kept.targets) ? kept.targets : [];
    } catch (error) {
      return [];
    }
  }

  function remember(link) {
    const url = link.getAttribute("href");
    const sub = link.querySelector(".dt-sub");
    const detail = sub ? sub.textContent : "";
    const name = link.textContent.slice(0, link.textContent.length - detail.length).trim();
    const others = read().filter(function (target) {
      return target.url !== url;
    });
    const targets = [{ url: url, name: name, detail: detail }].concat(others).slice(0, KEPT);
    try {
      localStorage.setItem(RECENT, JSON.stringify({ who: form.dataset.dtGo, targets: targets }));
    } catch (error) {
      /* a browser that keeps nothing: no list of where one went */
    }
  }

  function showRecent(place) {
    const targets = read();
    place.textContent = "";
    if (!targets.length) {
      return false;
    }
    const group = document.createElement("section");
    const heading = document.createElement("h2");
    const list = document.createElement("ul");
    group.className = "dt-go__group";
    group.setAttribute("aria-label", "Mới mở");
    heading.className = "dt-go__heading";
    heading.textContent = "Mới mở";
    targets.forEach(function (target) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = target.url;
      link.dataset.dtTarget = "Mới mở";
      link.textContent = target.name;
      if (target.detail) {
        const sub = document.createElement("span");
        sub.className = "dt-sub";
        sub.textContent = target.detail;
        link.append(sub);
      }
      line.append(link);
      list.append(line);
    });
    group.append(heading, list);
    place.append(group);
    return true;
  }

  function links() {
    return Array.from(box.querySelectorAll("a"));
  }

  function open(yes) {
    box.hidden = !yes;
    field.setAttribute("aria-expanded", yes ? "true" : "false");
  }

  function show() {
    const words = field.value.trim();
    if (!words) {
      shownFor = "";
      open(showRecent(box));
      return;
    }
    if (asking) {
      asking.abort();
    }
    asking = new AbortController();
    fetch(form.action + "?" + new URLSearchParams({ q: words }), {
      headers: { "HX-Request": "true" },
      credentials: "same-origin",
      signal: asking.signal,
    })
      .then(function (answer) {
        return answer.ok && !answer.redirected ? answer.text() : "";
      })
      .then(function (html) {
        box.innerHTML = html;
        shownFor = words;
        const first = links()[0];
        if (first) {
          first.classList.add("dt-go__first");
        }
        open(Boolean(html.trim()) && document.activeElement !== document.body);
      })
      .catch(function () {
        open(false); /* no network: Enter still opens the page of results, or says so */
      });
  }

  field.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  field.addEventListener("focus", show);

  form.addEventListener("submit", function (event) {
    const first = links()[0];
    if (!box.hidden && first && shownFor && shownFor === field.value.trim()) {
      event.preventDefault();
      first.click();
    }
  });

  form.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !box.hidden) {
      event.stopPropagation();
      open(false);
      field.focus();
      open(false);
      return;
    }
    if ((event.key !== "ArrowDown" && event.key !== "ArrowUp") || box.hidden) {
      return;
    }
    const all = links();
    const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    if (next < 0) {
      field.focus();
    } else if (all[next]) {
      all[next].focus();
    }
  });

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      if (document.querySelector("dialog[open]")) {
        return;
      }
      event.preventDefault();
      if (field.offsetParent === null) {
        window.location.assign(form.action);
      } else {
        field.focus();
        field.select();
      }
    }
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[data-dt-target]");
    if (link) {
      remember(link);
    }
    if (!form.contains(event.target)) {
      open(false);
    }
  });

  form.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) {
      open(false);
    }
  });

  document.querySelectorAll("[data-dt-recent]").forEach(showRecent);
})();
