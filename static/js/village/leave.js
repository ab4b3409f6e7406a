/*
 * On every page: whoever signs out leaves no name of a delegation's sheet on this phone, and whoever comes next finds none.
 * What was not sent is sent first; what cannot be sent now stays by number and goes as soon as there is a line.
 *
 * Nothing happens on a machine on which no sheet was ever taken along: a mark in the local storage says so.
 */
(function () {
  "use strict";

  const MARK = "dt-village";
  const PATIENCE = 8000; // milliseconds that signing out waits for what is being sent
  const own = document.currentScript.dataset;

  /* Whose sheet lies here, null for none. */
  function owner() {
    try {
      return window.localStorage.getItem(MARK);
    } catch (error) {
      return null;
    }
  }

  function script(address) {
    return new Promise(function (resolve, reject) {
      const element = document.createElement("script");
      element.src = address;
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });
  }

  async function ready() {
    if (!(window.dtVillage && window.dtVillage.store)) {
      await script(own.store);
    }
    if (!window.dtVillage.queue) {
      await script(own.code);
    }
    return window.dtVillage;
  }

  async function unsent() {
    return (await window.dtVillage.store.all("visits")).filter((row) => row.state !== "sent").length;
  }

  async function wipe(but) {
    const store = window.dtVillage.store;
    for (const copy of await store.all("copies")) {
      if (copy.sheet && String(copy.user) !== but) {
        await store.wipe(copy, "signed_out");
      }
    }
  }

  async function leave(form) {
    await ready();
    const queue = window.dtVillage.queue(own);
    const late = new Promise((resolve) => window.setTimeout(resolve, PATIENCE));
    if (await unsent()) {
      await Promise.race([queue.run(true), late]);
    }
    const left = await unsent();
    form.dataset.dtLeaving = "asked";
    if (left) {
      form.dataset.dtConfirm =
        "Còn " + left + " lần thăm chưa gửi được. Đăng xuất thì tên bị xóa khỏi máy; " + left +
        " lần thăm vẫn giữ theo số hồ sơ và tự gửi khi có mạng. Đăng xuất?";
      // Whoever says no and asks again later is told what is true then.
      window.setTimeout(function () {
        delete form.dataset.dtLeaving;
        delete form.dataset.dtConfirm;
      }, 2 * PATIENCE);
    }
    form.requestSubmit();
  }

  async function go(form) {
    await ready();
    await wipe("");
    const late = new Promise((resolve) => window.setTimeout(resolve, PATIENCE / 4));
    await Promise.race([window.dtVillage.queue(own).check().catch(() => null), late]);
    if (navigator.onLine) {
      form.submit();
      return;
    }
    const live = document.getElementById("dt-live");
    live.className = "dt-notice dt-notice--warn";
    live.textContent = "Đã xóa tên khỏi máy. Chưa có mạng nên phiên chưa kết thúc: khi có mạng, bấm Đăng xuất lần nữa.";
  }

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (owner() === null || event.defaultPrevented || !/\/accounts\/logout\/$/.test(form.getAttribute("action") || "")) {
      return;
    }
    event.preventDefault();
    const step = form.dataset.dtLeaving === "asked" ? go : leave;
    step(form).catch(() => form.submit());
  });

  /* Somebody else's page, or nobody's: names of the one before go at once, what was not sent goes its way. */
  window.addEventListener("load", async function () {
    if (owner() === null) {
      return;
    }
    try {
      const village = await ready();
      if (own.user && own.user !== owner()) {
        await wipe(own.user);
      }
      if (!document.getElementById("village")) {
        const queue = village.queue(own);
        await queue.run();
        await queue.check();
      }
    } catch (error) {
      // Without the database of the browser there is nothing to wipe.
    }
  });
})();
