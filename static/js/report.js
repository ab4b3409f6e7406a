/*
 * The unit's report form. What was typed is saved on the server a few seconds later, section by section and without files;
 * until the server has it, it stays in this browser too and is filled in again when the page is opened. Says who else has
 * the report open. Without JavaScript "Lưu nháp" does the same.
 */
(function () {
  "use strict";

  const PAUSE = 2500; // milliseconds after the last key
  const RETRY = 10000;
  const PRESENCE = 15000;
  const WEEK = 7 * 24 * 60 * 60 * 1000;
  const form = document.querySelector("form[data-report]");
  if (!form) {
    return;
  }
  const status = form.querySelector("[data-report-status]");
  const key = "dt-draft:" + form.dataset.reportKey;
  const memory = "report-open:" + form.action;
  const page = field("chung", "page");
  const dirty = new Set();
  const blocked = new Set();
  let busy = false;
  let stopped = false;
  let leaving = false;
  let signedOut = false;
  let timer = 0;
  const early = typedEarly();

  function field(part, name) {
    return form.elements[part + "-" + name] || null;
  }

  function partOf(name) {
    const part = (name || "").split("-")[0];
    return part === "chung" || /^muc\d+$/.test(part) ? part : "";
  }

  /* Names and values of one part as the form would send them; no files, and no removals: those go with a button only. */
  function fieldsOf(part) {
    return Array.from(new FormData(form).entries()).filter(function (entry) {
      return partOf(entry[0]) === part && !(entry[1] instanceof File) && !entry[0].endsWith("-remove");
    });
  }

  function isOwnWord(name) {
    return /-(version|whole_version|was|page)$/.test(name);
  }

  function words(entries) {
    return JSON.stringify(entries.filter((entry) => !isOwnWord(entry[0])).map((entry) => [entry[0], entry[1].replace(/\r\n/g, "\n")]));
  }

  function titleOf(part) {
    const box = form.querySelector("[data-part='" + part + "'] .dt-code");
    return box ? box.textContent.trim() : "toàn báo cáo";
  }

  /* --- in this browser ------------------------------------------------------------------------------------------- */

  function readKept() {
    try {
      return JSON.parse(localStorage.getItem(key)) || { page: page.value, parts: {} };
    } catch (error) {
      return { page: page.value, parts: {} };
    }
  }

  function writeKept(kept) {
    try {
      if (Object.keys(kept.parts).length) {
        localStorage.setItem(key, JSON.stringify(kept));
      } else {
        localStorage.removeItem(key);
      }
      return true;
    } catch (error) {
      return false;
    }
  }

  function keep(isSent) {
    if (signedOut) {
      return true;
    }
    const kept = readKept();
    kept.page = page.value;
    kept.at = Date.now();
    for (const part of dirty) {
      kept.parts[part] = { fields: fieldsOf(part), sent: isSent };
    }
    return writeKept(kept);
  }

  function forget(parts) {
    const kept = readKept();
    for (const part of parts) {
      if (!dirty.has(part)) {
        delete kept.parts[part];
      }
    }
    writeKept(kept);
  }

  /* What was typed while this script was still on its way: fields that no longer say what the page came with. */
  function isTyped(element) {
    if (element.type === "checkbox" || element.type === "radio") {
      return element.checked !== element.defaultChecked;
    }
    if (element.options) {
      const came = Array.from(element.options).findIndex((option) => option.defaultSelected);
      return element.selectedIndex !== Math.max(came, 0);
    }
    return element.value !== element.defaultValue;
  }

  function typedEarly() {
    return Array.from(form.elements).filter(function (element) {
      return partOf(element.name) && !isOwnWord(element.name) && element.type !== "file" && !element.name.endsWith("-remove") && isTyped(element);
    });
  }

  function fill(part, entries) {
    const values = new Map(entries);
    for (const element of form.elements) {
      if (partOf(element.name) !== part || element.type === "file" || element.name.endsWith("-remove") || early.includes(element)) {
        continue;
      }
      if (element.type === "checkbox") {
        element.checked = values.has(element.name);
      } else if (values.has(element.name)) {
        element.value = values.get(element.name);
      }
    }
  }

  function clean() {
    for (let place = localStorage.length - 1; place >= 0; place -= 1) {
      const name = localStorage.key(place);
      if (name && name.startsWith("dt-draft:")) {
        const kept = JSON.parse(localStorage.getItem(name) || "null");
        if (!kept || !(Date.now() - kept.at < WEEK)) {
          localStorage.removeItem(name);
        }
      }
    }
  }

  function restore() {
    try {
      clean();
    } catch (error) {
      return;
    }
    const kept = readKept();
    const filled = [];
    for (const part of Object.keys(kept.parts)) {
      const box = form.querySelector("[data-part='" + part + "']");
      const found = kept.parts[part];
      const arrived = box && found.sent && kept.page && box.dataset.savedIn === kept.page;
      if (!box || arrived || words(found.fields) === words(fieldsOf(part))) {
        delete kept.parts[part];
        continue;
      }
      fill(part, found.fields);
      dirty.add(part);
      filled.push(titleOf(part));
      if (box.tagName === "DETAILS") {
        box.open = true;
      }
    }
    if (filled.length) {
      page.value = kept.page || page.value;
      const at = new Date(kept.at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });
      document.querySelector("[data-report-restored-words]").textContent =
        "Trình duyệt này còn giữ phần gõ đến " + at + " mà máy chủ chưa nhận (" + filled.join(", ") + "); đã điền lại vào các ô và đang lưu.";
      document.querySelector("[data-report-restored]").hidden = false;
      soon(500);
    }
    writeKept(kept);
  }

  /* --- on the server --------------------------------------------------------------------------------------------- */

  function typed(parts) {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "chung-version", "chung-page"]) {
      data.set(name, form.elements[name].value);
    }
    for (const part of parts) {
      for (const entry of fieldsOf(part)) {
        data.set(entry[0], entry[1]);
      }
    }
    data.set("do", "save");
    return data;
  }

  function take(result, parts) {
    field("chung", "version").value = result.version;
    for (const part of Object.keys(result.parts)) {
      for (const name of Object.keys(result.parts[part])) {
        const element = field(part, name);
        if (element) {
          element.value = result.parts[part][name];
        }
      }
    }
    for (const clash of result.clashes) {
      blocked.add(clash.part);
    }
    forget(parts.filter((part) => !blocked.has(part)));
    if (result.clashes.length) {
      status.textContent = result.clashes.map((clash) => clash.message).join(" ") + " Bấm “Lưu nháp” để so hai bản.";
    } else {
      status.textContent = "Đã lưu " + result.saved + (result.problems ? " (" + result.problems + " chỗ cần sửa chưa lưu)" : "");
    }
  }

  function lost(words_) {
    status.textContent = keep(false)
      ? words_ + ": đang giữ trong trình duyệt, sẽ tự lưu khi được."
      : words_ + ": chưa lưu được, phần gõ còn trên trang này.";
  }

  async function save(options) {
    window.clearTimeout(timer);
    const parts = Array.from(dirty).filter((part) => !blocked.has(part));
    if (!parts.length || busy || stopped || leaving) {
      return;
    }
    busy = true;
    let again = true;
    parts.forEach((part) => dirty.delete(part));
    try {
      const answer = await fetch(form.action, Object.assign({
        method: "POST",
        body: typed(parts),
        headers: { "X-Autosave": "1" },
        redirect: "error",
      }, options));
      const result = await answer.json();
      if (answer.ok) {
        take(result, parts);
      } else {
        parts.forEach((part) => dirty.add(part));
        stopped = answer.status === 409;
        again = answer.status !== 401; // Signed out by time: the next key tries again.
        keep(false);
        status.textContent = result.message + (stopped ? "" : " Phần gõ đang giữ trong trình duyệt.");
      }
    } catch (error) {
      parts.forEach((part) => dirty.add(part));
      lost(navigator.onLine === false ? "Mất mạng" : "Chưa kết nối được máy chủ");
    }
    busy = false;
    if (dirty.size && !stopped && again) {
      soon(RETRY);
    }
  }

  function soon(pause) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, pause);
  }

  /* --- who else is here ------------------------------------------------------------------------------------------ */

  async function meet() {
    const line = document.querySelector("[data-report-present]");
    if (!form.dataset.presence || !line || document.visibilityState === "hidden" || stopped) {
      return;
    }
    const data = new FormData();
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(form.dataset.presence, {
        method: "POST",
        body: data,
        headers: { "X-Autosave": "1", "X-Background": "1" },
        redirect: "error",
      });
      const others = answer.ok ? (await answer.json()).others : [];
      const text = others.length ? others.join(", ") + " đang mở báo cáo này." : "";
      if (line.textContent !== text) {
        line.textContent = text;
      }
      line.hidden = !text;
    } catch (error) {
      line.hidden = true;
    }
  }

  /* --- opened sections -------------------------------------------------------------------------------------------- */

  function remember() {
    const open = Array.from(form.querySelectorAll("details.dt-section[open]"), (part) => part.id);
    sessionStorage.setItem(memory, JSON.stringify(open));
  }

  function reopen() {
    try {
      for (const id of JSON.parse(sessionStorage.getItem(memory)) || []) {
        const part = document.getElementById(id);
        if (part) {
          part.open = true;
        }
      }
    } catch (error) {
      sessionStorage.removeItem(memory);
    }
    if (window.matchMedia("(max-width: 991px)").matches) {
      form.querySelectorAll("[data-dt-fold-narrow]").forEach((part) => part.removeAttribute("open"));
    }
  }

  page.value = page.value || Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("");
  reopen();
  restore();
  if (early.length) {
    early.forEach((element) => dirty.add(partOf(element.name)));
    keep(false);
    soon(PAUSE);
  }
  meet();
  form.addEventListener("input", function (event) {
    const part = partOf(event.target.name);
    if (!part || event.target.type === "file" || event.target.name.endsWith("-remove")) {
      return;
    }
    dirty.add(part);
    keep(false);
    if (!busy) {
      soon(PAUSE);
    }
  });
  form.addEventListener("submit", function (event) {
    // A second press while the first is on its way would only bring back what it did.
    if (leaving) {
      event.preventDefault();
      return;
    }
    leaving = true;
    keep(true);
    remember();
  });
  document.addEventListener("submit", function (event) {
    if (/\/accounts\/logout\/$/.test(event.target.getAttribute("action") || "")) {
      signedOut = stopped = true;
    }
  });
  window.addEventListener("pageshow", function () {
    leaving = false;
  });
  window.addEventListener("online", () => save());
  window.addEventListener("beforeunload", function (event) {
    if (dirty.size && !leaving && !keep(false)) {
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      save({ keepalive: true });
    } else {
      meet();
    }
  });
  window.setInterval(meet, PRESENCE);
})();
