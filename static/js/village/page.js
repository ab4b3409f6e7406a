/*
 * The page of one delegation: takes the sheet along, shows the stops, writes down a call, shows what became of it. With the sheet
 * on the phone everything here works without network; only sending waits for one.
 */
(function () {
  "use strict";

  const root = document.getElementById("village");
  if (!root || !window.indexedDB) {
    return;
  }
  const store = dtVillage.store;
  const queue = dtVillage.queue(root.dataset);
  const delegation = Number((/\/(\d+)\/$/.exec(window.location.pathname) || [])[1]);
  const MOST_MONEY = 10000000000;
  const MOST_PICTURES = 6;
  const KINDS = { signed_list: "Danh sách ký nhận", person: "Ảnh người được thăm" };
  const form = part("form");
  const later = new Intl.DateTimeFormat("vi-VN", {
    hour: "2-digit", minute: "2-digit", day: "numeric", month: "numeric", year: "numeric", timeZone: "Asia/Ho_Chi_Minh",
  });
  let copy = null;
  let stop = null; // the stop whose form is open
  let replaced = ""; // the key of what is being mended
  let pictures = [];

  function part(name) {
    return root.querySelector('[data-v="' + name + '"]');
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    made.className = className || "";
    made.textContent = text || "";
    return made;
  }

  function say(words, kind) {
    const notice = part("notice");
    notice.className = "dt-notice" + (kind ? " dt-notice--" + kind : "");
    part("notice-words").textContent = words;
    notice.hidden = !words;
  }

  function ask(words) {
    return new Promise(function (resolve) {
      const dialog = part("ask");
      part("ask-words").textContent = words;
      dialog.returnValue = "";
      part("yes").onclick = () => dialog.close("yes");
      part("no").onclick = () => dialog.close("no");
      dialog.onclose = () => resolve(dialog.returnValue === "yes");
      dialog.showModal();
    });
  }

  /* --- the list ------------------------------------------------------------------------------------------------------ */

  function today() {
    return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date(Date.now() + copy.offset));
  }

  function dayWords(day) {
    const parts = day.split("-");
    return Number(parts[2]) + "/" + Number(parts[1]) + "/" + parts[0];
  }

  function stateWords(visit) {
    if (!visit) {
      return "Chưa ghi";
    }
    if (visit.state === "unsent") {
      return "Đã ghi trên máy, chưa gửi";
    }
    return needsLook(visit) ? "Cần xem" : visit.heading;
  }

  /* As the pills of the other pages: what is still to be done, what waits, what has to be looked at, what is done. */
  function pill(visit) {
    const kind = !visit ? "new" : needsLook(visit) ? "redo" : visit.state === "unsent" ? "waiting" : "done";
    return element("span", "dt-pill dt-pill--" + kind, stateWords(visit));
  }

  function needsLook(visit) {
    return visit.state === "look" || (visit.state === "sent" && visit.outcome === "waiting");
  }

  async function show() {
    copy = await store.sheetOf(delegation);
    const visits = await store.all("visits");
    const newest = new Map();
    visits.sort((one, other) => (one.at < other.at ? -1 : 1)).forEach((visit) => newest.set(visit.person, visit));
    showQueue(visits);
    showStops(newest);
  }

  function showQueue(visits) {
    const unsent = visits.filter((visit) => visit.state === "unsent").length;
    const look = visits.filter(needsLook);
    const sent = visits.filter((visit) => visit.state === "sent").length;
    part("queue").hidden = !copy && !visits.length;
    part("counts").textContent = unsent + " chưa gửi, " + sent + " đã gửi, " + look.length + " cần xem";
    part("send").hidden = !unsent;
    part("done").hidden = !copy;
    part("until").textContent = copy
      ? "Tên còn trên máy đến " + later.format(new Date(copy.until + copy.offset)) + "."
      : "Tên đã được xóa khỏi máy này. Những lần thăm còn lại được giữ theo số hồ sơ cho tới khi gửi xong.";
    part("look").hidden = !look.length;
    part("look-list").replaceChildren.apply(part("look-list"), look.map(lookLine));
  }

  function nameOf(person) {
    const found = copy && copy.sheet.stops.find((each) => each.person === person);
    return found ? found.name : "Hồ sơ số " + person;
  }

  function lookLine(visit) {
    const line = element("li");
    line.append(element("strong", "", nameOf(visit.person)), element("span", "dt-sub", visit.heading), element("span", "dt-sub", visit.words));
    return line;
  }

  function showStops(newest) {
    part("stops").hidden = !copy || Boolean(stop);
    const take = document.querySelector('[data-village="take-button"]');
    if (take && copy) {
      take.textContent = "Lấy lại danh sách mới";
    }
    if (!copy) {
      form.hidden = true;
      return;
    }
    const sheet = copy.sheet;
    part("title").textContent = "Người đến thăm";
    part("lead").textContent = sheet.delegation.name + ", " + dayWords(sheet.delegation.on) + ". Trưởng đoàn: " + sheet.delegation.leader + ". " + sheet.stops.length + " người.";
    part("stops-list").replaceChildren.apply(part("stops-list"), sheet.stops.map((each) => stopLine(each, newest.get(each.person))));
  }

  function stopLine(each, visit) {
    const button = element("button", "v-stop");
    button.type = "button";
    const needs = [each.interpreter ? "cần phiên dịch" : "", each.vehicle ? "cần xe" : "", each.deceased ? "đã từ trần, thăm gia đình" : ""];
    const where = [each.birth_year ? "sinh " + each.birth_year : "", each.hamlet, each.commune].concat(needs).filter(Boolean);
    button.append(element("span", "v-stop__name", each.place + ". " + each.name), element("span", "dt-sub", where.join(", ")), pill(visit));
    button.addEventListener("click", () => openForm(each, visit));
    const line = element("li");
    line.append(button);
    return line;
  }

  /* --- the form ------------------------------------------------------------------------------------------------------ */

  function draftId() {
    return copy.id + ":" + stop.person;
  }

  function giftRow(source, values, given) {
    const row = element("div", "dt-cols");
    row.dataset.source = source.id;
    const words = given ? source.name + " (đã trao trong đợt)" : source.name;
    [["money", words + ": số tiền (đồng)", values.money], ["goods", words + ": hiện vật", values.goods]].forEach(function (field) {
      const id = "v-" + field[0] + "-" + source.id;
      const box = element("div", "dt-row");
      const label = element("label", "form-label", field[1]);
      label.htmlFor = id;
      const input = element("input", "form-control v-big");
      input.id = id;
      input.name = field[0];
      input.value = field[2] || "";
      input.autocomplete = "off";
      input.maxLength = field[0] === "money" ? 20 : 200;
      input.inputMode = field[0] === "money" ? "numeric" : "text";
      box.append(label, input);
      row.append(box);
    });
    return row;
  }

  function money(number) {
    return number ? number.toLocaleString("vi-VN") : "";
  }

  function fillGifts(values) {
    const promised = copy.sheet.sources.filter((source) => values.has(String(source.id)));
    const others = copy.sheet.sources.filter((source) => !values.has(String(source.id)));
    const row = (source) => giftRow(source, values.get(String(source.id)) || {}, stop.given.includes(source.id));
    part("gifts").replaceChildren.apply(part("gifts"), promised.map(row));
    part("other-gifts").replaceChildren.apply(part("other-gifts"), others.map(row));
    part("more-gifts").hidden = !others.length;
    part("more-gifts").open = !promised.length;
  }

  function blank() {
    const gifts = stop.promised.map((gift) => ({ source: String(gift.source), money: money(gift.money), goods: gift.goods }));
    return { on: today(), form: stop.form, to_family: stop.deceased, received_by: "", note: "", gifts: gifts, consent: null };
  }

  function fill(typed) {
    const fields = form.elements;
    fields.form.replaceChildren.apply(fields.form, copy.sheet.forms.map((each) => new Option(each.name, each.id)));
    ["on", "form", "received_by", "note"].forEach((name) => (fields[name].value = typed[name]));
    fields.to_family.checked = typed.to_family;
    part("family").hidden = !stop.deceased;
    const consent = typed.consent;
    fields.consent.value = consent ? (consent.given ? "yes" : "no") : "";
    fields.said_by.value = consent ? consent.said_by : "";
    fields.way.value = consent ? consent.way : "spoken";
    fields.witness.value = consent ? consent.witness : "";
    fillGifts(new Map(typed.gifts.map((gift) => [gift.source, gift])));
    part("photo-known").textContent =
      stop.photo === true ? "Trước đây đã đồng ý cho chụp ảnh." : stop.photo === false ? "Trước đây không đồng ý cho chụp ảnh." : "Hỏi trước khi chụp. Chưa có ý kiến nào được ghi.";
    showConsent();
    showPictures();
  }

  async function openForm(each, visit) {
    if (visit && visit.state === "sent") {
      say((visit.heading || "Đã gửi") + ". " + (visit.words || "") + " Lần thăm đã gửi thì sửa ở hồ sơ trên máy chủ.", "");
      part("notice").scrollIntoView({ block: "nearest" });
      return;
    }
    stop = each;
    replaced = visit ? visit.key : "";
    const draft = await store.get("drafts", draftId());
    const known = draft || visit;
    pictures = known && known.pictures ? known.pictures.slice() : [];
    part("form-title").textContent = each.name;
    part("form-lead").textContent = [each.hamlet, each.commune].filter(Boolean).join(", ");
    fill(known ? known.typed : blank());
    showErrors([]);
    form.hidden = false;
    part("stops").hidden = true;
    say("", "");
    part("form-title").focus();
  }

  async function closeForm() {
    stop = null;
    form.hidden = true;
    await show();
  }

  function typed() {
    const fields = form.elements;
    const gifts = Array.from(form.querySelectorAll("[data-source]"), (row) => ({
      source: row.dataset.source,
      money: row.querySelector("[name=money]").value.trim(),
      goods: row.querySelector("[name=goods]").value.trim(),
    })).filter((gift) => gift.money || gift.goods);
    const answer = fields.consent.value;
    const consent = { given: answer === "yes", said_by: fields.said_by.value.trim(), way: fields.way.value, witness: fields.witness.value.trim() };
    return {
      on: fields.on.value,
      form: fields.form.value,
      to_family: stop.deceased && fields.to_family.checked,
      received_by: fields.received_by.value.trim(),
      note: fields.note.value.trim(),
      gifts: gifts,
      consent: answer ? consent : null,
    };
  }

  /* The same sentences as on the server (veterans/money.py, gratitude.py), so that they are told at the door. */
  function wrongMoney(text) {
    const digits = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/(dong|vnd|d)$|[\s.]/g, "").replace(/(dong|vnd|d)$/, "");
    if (digits && !/^[0-9]+$/.test(digits)) {
      return "Số tiền chỉ gồm chữ số, ví dụ 2.000.000.";
    }
    return Number(digits) > MOST_MONEY ? "Số tiền lớn hơn 10 tỷ đồng; hãy kiểm tra lại." : "";
  }

  function wrong(told) {
    const found = [];
    const fields = form.elements;
    if (!told.on) {
      found.push([fields.on, "Hãy ghi ngày thăm."]);
    } else if (told.on > today()) {
      found.push([fields.on, "Ngày thăm không được sau hôm nay."]);
    } else if (told.on < copy.sheet.first_day) {
      found.push([fields.on, "Ngày thăm " + dayWords(told.on) + " đứng trước ngày bắt đầu đợt (" + dayWords(copy.sheet.first_day) + ")."]);
    }
    form.querySelectorAll("[data-source] [name=money]").forEach(function (input) {
      const words = wrongMoney(input.value);
      if (words) {
        found.push([input, input.labels[0].textContent.split(":")[0] + ": " + words]);
      }
    });
    if (told.consent && !told.consent.said_by) {
      found.push([fields.said_by, "Hãy ghi ai trả lời về việc chụp ảnh."]);
    }
    if (told.consent && told.consent.way === "spoken" && !told.consent.witness) {
      found.push([fields.witness, "Trả lời bằng lời thì cần ghi người làm chứng."]);
    }
    return found;
  }

  function showErrors(found) {
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    part("errors-list").replaceChildren.apply(
      part("errors-list"),
      found.map(function (each) {
        each[0].setAttribute("aria-invalid", "true");
        const link = element("a", "", each[1]);
        link.href = "#" + each[0].id;
        const line = element("li");
        line.append(link);
        return line;
      })
    );
    part("errors").hidden = !found.length;
    if (found.length) {
      part("errors").focus();
    }
  }

  function mayPortrait() {
    const answer = form.elements.consent.value;
    return answer === "yes" || (answer === "" && stop.photo === true);
  }

  function showConsent() {
    part("consent").hidden = form.elements.consent.value === "";
    part("portrait").hidden = !mayPortrait();
    if (!mayPortrait()) {
      pictures = pictures.filter((picture) => picture.kind !== "person");
      showPictures();
    }
  }

  function showPictures() {
    part("pictures").replaceChildren.apply(
      part("pictures"),
      pictures.map(function (picture, place) {
        const line = element("li", "", KINDS[picture.kind] + ", " + dtPhotos.megabytes(picture.blob.size) + " ");
        const button = element("button", "btn btn-outline-danger btn-sm", "Bỏ");
        button.type = "button";
        button.setAttribute("aria-label", "Bỏ ảnh " + (place + 1));
        button.addEventListener("click", function () {
          pictures.splice(place, 1);
          showPictures();
          keepDraft();
        });
        line.append(button);
        return line;
      })
    );
  }

  async function takePicture(input) {
    const file = input.files[0];
    const most = Number(root.dataset.most);
    let words = "";
    input.value = "";
    if (!file) {
      return;
    }
    const small = await dtPhotos.shrink(file, 0, true);
    if (small.size > most) {
      words = "Ảnh nặng " + dtPhotos.megabytes(small.size) + ", vượt giới hạn " + dtPhotos.megabytes(most) + " nên không kèm được. Phần còn lại vẫn lưu được.";
    } else if (pictures.length >= MOST_PICTURES) {
      words = "Mỗi lần thăm nhiều nhất " + MOST_PICTURES + " ảnh.";
    } else {
      const mark = crypto.randomUUID();
      pictures.push({ kind: input.dataset.kind, mark: mark, blob: small });
    }
    part("picture-words").textContent = words;
    part("picture-words").hidden = !words;
    showPictures();
    await keepDraft();
  }

  async function keepDraft() {
    if (stop && copy) {
      await store.put("drafts", { id: draftId(), typed: typed(), pictures: pictures });
    }
  }

  async function save() {
    const told = typed();
    const found = wrong(told);
    showErrors(found);
    if (found.length) {
      return;
    }
    try {
      await store.put("visits", {
        key: crypto.randomUUID(),
        copy: copy.id,
        person: stop.person,
        place: stop.place,
        at: new Date(Date.now() + copy.offset).toISOString(),
        typed: told,
        pictures: pictures,
        state: "unsent",
        tries: 0,
        next: 0,
      });
    } catch (error) {
      showErrors([[form.elements.on, "Máy không còn chỗ để lưu. Hãy bỏ bớt ảnh, hoặc gửi những lần thăm đã ghi rồi lưu lại."]]);
      return;
    }
    if (replaced) {
      await store.remove("visits", replaced);
    }
    await store.remove("drafts", draftId());
    await closeForm();
    say("Đã lưu trên máy." + (navigator.onLine ? "" : " Chưa có mạng: máy tự gửi khi có mạng."), "good");
    queue.run();
  }

  /* --- taking along, done ---------------------------------------------------------------------------------------------- */

  async function take(button) {
    const words = document.querySelector('[data-village="take-words"]');
    const from = button.form;
    button.disabled = true;
    words.textContent = "Đang chuẩn bị…";
    try {
      await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
      await navigator.serviceWorker.ready;
      const answer = await fetch(from.action, {
        method: "POST",
        headers: { "X-CSRFToken": from.elements.csrfmiddlewaretoken.value },
        redirect: "error",
      });
      const made = await answer.json();
      if (!answer.ok) {
        throw new Error(made.words);
      }
      await keep(made);
      words.textContent = "Đã có trên máy này. Mở lại đúng trang này khi không có sóng.";
    } catch (error) {
      words.textContent = error.message && /[À-ỹ]/.test(error.message) ? error.message : "Chưa lấy được danh sách. Xin kiểm tra mạng, tải lại trang rồi thử lại.";
    }
    button.disabled = false;
  }

  async function keep(made) {
    const old = await store.sheetOf(delegation);
    const offset = new Date(made.now).getTime() - Date.now();
    const until = Date.now() + (new Date(made.expires_at).getTime() - new Date(made.now).getTime());
    const row = { id: made.copy, ticket: made.ticket, delegation: made.delegation.id, user: made.user, until: until, offset: offset, sheet: made, report: "" };
    delete made.ticket;
    await store.put("copies", row);
    window.localStorage.setItem(store.mark, String(made.user));
    if (old) {
      await store.wipe(old, "synced");
    }
    if (navigator.storage && navigator.storage.persist) {
      await navigator.storage.persist();
    }
    await show();
    queue.check();
  }

  async function done() {
    const visits = await store.all("visits");
    const left = visits.filter((visit) => visit.copy === copy.id && visit.state !== "sent").length;
    if (left) {
      say("Còn " + left + " lần thăm chưa gửi được. Gửi xong rồi mới xóa danh sách khỏi máy.", "warn");
      return;
    }
    if (await ask("Xóa danh sách của đoàn khỏi máy này? Những lần thăm đã gửi vẫn ở trên máy chủ.")) {
      await store.wipe(copy, "synced");
      await queue.check();
      say("Đã xóa danh sách khỏi máy này.", "good");
      await show();
    }
  }

  /* --- begin ------------------------------------------------------------------------------------------------------------ */

  function sessionWords(session) {
    if (session === "ended" && copy) {
      say("Phiên đăng nhập đã hết. Máy vẫn gửi; đăng nhập lại trên máy này thì các lần thăm được ghi ngay.", "warn");
    }
  }

  async function sendNow() {
    await queue.run(true);
    const left = (await store.all("visits")).filter((visit) => visit.state === "unsent").length;
    if (left) {
      say("Chưa gửi được: chưa có mạng, hoặc máy chủ chưa trả lời. Máy tự gửi lại; những gì đã ghi vẫn còn trên máy.", "warn");
    } else {
      say("", "");
    }
    sessionWords(await queue.check());
  }

  async function begin() {
    await store.tidy();
    if (root.dataset.user) {
      for (const row of await store.all("copies")) {
        if (row.sheet && String(row.user) !== root.dataset.user) {
          await store.wipe(row, "signed_out");
        }
      }
    }
    await show();
    const button = document.querySelector('[data-village="take-button"]');
    if (button && !("serviceWorker" in navigator)) {
      document.querySelector('[data-village="take-words"]').textContent =
        "Trình duyệt này, hoặc kết nối không bảo mật (http), không cho mang danh sách theo máy.";
    } else if (button) {
      button.disabled = false;
      button.form.addEventListener("submit", function (event) {
        event.preventDefault();
        take(button);
      });
    } else if (!copy) {
      say("Máy này không giữ danh sách của đoàn. Hãy mở trang khi có mạng rồi bấm “Mang theo máy”.", "warn");
    }
    await queue.run();
    sessionWords(await queue.check());
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    save();
  });
  form.addEventListener("change", function (event) {
    if (event.target.type === "file") {
      takePicture(event.target);
    } else {
      if (event.target.name === "consent") {
        showConsent();
      }
      keepDraft();
    }
  });
  form.addEventListener("input", function (event) {
    if (event.target.type !== "file") {
      keepDraft();
    }
  });
  part("back").addEventListener("click", closeForm);
  part("send").addEventListener("click", sendNow);
  part("done").addEventListener("click", done);
  document.addEventListener("dt-village", show);
  window.addEventListener("online", sendNow);
  begin();
})();
