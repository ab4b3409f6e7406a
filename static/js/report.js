/*
 * The unit's report form: what was typed is saved as a draft every 20 seconds and when the page is
 * left, without files; opened sections stay open. Without JavaScript "Lưu nháp" does the same.
 */
(function () {
  "use strict";

  const EVERY = 20000;
  const form = document.querySelector("form[data-report]");
  if (!form) {
    return;
  }
  const status = form.querySelector("[data-report-status]");
  const version = form.querySelector("input[name='chung-version']");
  const memory = "report-open:" + form.action;
  let dirty = false;
  let busy = false;
  let stopped = false;
  let leaving = false;

  function typed() {
    const data = new FormData(form);
    for (const name of Array.from(data.keys())) {
      // Files and removals go only when the person presses a button.
      if (data.get(name) instanceof File || name.endsWith("-remove")) {
        data.delete(name);
      }
    }
    data.set("do", "save");
    return data;
  }

  async function save(options) {
    if (!dirty || busy || stopped || leaving) {
      return;
    }
    busy = true;
    dirty = false;
    try {
      const answer = await fetch(form.action, Object.assign({
        method: "POST",
        body: typed(),
        headers: { "X-Autosave": "1" },
        redirect: "error",
      }, options));
      const result = await answer.json();
      if (answer.ok) {
        version.value = result.version;
        status.textContent = "Đã tự lưu nháp lúc " + result.saved +
          (result.problems ? " (" + result.problems + " chỗ cần sửa chưa lưu)" : "");
      } else {
        stopped = true;
        status.textContent = "Đã dừng tự lưu: " + result.message;
      }
    } catch (error) {
      dirty = true;
      status.textContent = "Chưa tự lưu được, sẽ thử lại. Phần đã gõ vẫn ở trên trang.";
    }
    busy = false;
  }

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
  }

  reopen();
  form.addEventListener("input", function () {
    dirty = true;
  });
  form.addEventListener("submit", function (event) {
    // A second press while the first is on its way would only bring back what it did.
    if (leaving) {
      event.preventDefault();
      return;
    }
    leaving = true;
    remember();
  });
  window.addEventListener("pageshow", function () {
    leaving = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (dirty && !leaving) {
      event.preventDefault();
    }
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") {
      save({ keepalive: true });
    }
  });
  window.setInterval(save, EVERY);
})();
