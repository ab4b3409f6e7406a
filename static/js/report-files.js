/*
 * Files one by one, while the rest is typed: photos made smaller here first, then sent in parts, continued after a cut where
 * the server says. Without JavaScript the files go with the form.
 *
 * A box [data-attach] holds the input: data-parts (where a file is announced), data-attach (where the whole one is taken),
 * data-most (bytes), data-files and data-paper (section and paper it is for), data-side (pixels of a photo that stay). The
 * answer is a line for the list .dt-files, or stands in [data-shown], or names the page to go to.
 */
(function () {
  "use strict";

  const { shrink, megabytes } = window.dtPhotos;
  const PART = 256 * 1024; // bytes
  const WAITS = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000]; // milliseconds
  const boxes = Array.from(document.querySelectorAll("[data-attach]"));
  if (!boxes.length) {
    return;
  }
  const table = new Uint32Array(256).map(function (nothing, place) {
    let value = place;
    for (let bit = 0; bit < 8; bit += 1) {
      value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    }
    return value;
  });
  let queue = Promise.resolve();
  let shrinking = Promise.resolve();
  let waiting = 0;
  let go = "";
  let held = null; // the form and the button that were pressed while files were on their way

  function checksum(bytes) {
    let value = 0xffffffff;
    for (const byte of bytes) {
      value = table[(value ^ byte) & 255] ^ (value >>> 8);
    }
    return ((value ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
  }

  function pause(milliseconds) {
    return new Promise((resolve) => window.setTimeout(resolve, milliseconds));
  }

  function headers(box, more) {
    return Object.assign({ "X-CSRFToken": box.closest("form").elements.csrfmiddlewaretoken.value, "X-Autosave": "1" }, more);
  }

  /* One question to the server: asked again after a pause while the line is down. */
  async function ask(address, options, say) {
    for (const wait of WAITS) {
      try {
        const answer = await fetch(address, Object.assign({ redirect: "error" }, options));
        if (answer.status < 500) {
          return answer;
        }
      } catch (error) {
        say("Mất mạng, đang chờ để gửi tiếp…");
      }
      await pause(wait);
    }
    throw new Error("Mất mạng quá lâu: tệp chưa gửi xong. Khi có mạng, chọn lại tệp này là gửi tiếp phần còn lại.");
  }

  async function refusal(answer) {
    if (answer.status === 401) {
      return "Phiên làm việc đã hết. Đăng nhập lại rồi chọn lại tệp: phần đã gửi vẫn còn.";
    }
    try {
      return (await answer.json()).message || "Chưa gửi được tệp. Xin tải lại trang.";
    } catch (error) {
      return "Chưa gửi được tệp. Xin tải lại trang.";
    }
  }

  function line(box, name) {
    const item = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const words = document.createElement("span");
    words.className = "dt-small dt-muted";
    item.append(label, bar, words);
    box.querySelector("[data-uploads]").append(item);
    return { item, bar, words };
  }

  async function send(box, small, shown) {
    const say = function (words) {
      shown.words.textContent = words;
    };
    say("đang chuẩn bị…");
    const file = await small;
    if (file.size > Number(box.dataset.most)) {
      throw new Error("Tệp nặng " + megabytes(file.size) + ", vượt giới hạn " + megabytes(Number(box.dataset.most)) + ".");
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const sum = checksum(bytes);
    const begin = new FormData();
    begin.set("name", file.name);
    begin.set("size", String(file.size));
    begin.set("mark", String(file.lastModified) + "-" + sum);
    const begun = await ask(box.dataset.parts, { method: "POST", body: begin, headers: headers(box) }, say);
    if (!begun.ok) {
      throw new Error(await refusal(begun));
    }
    const known = await begun.json();
    const address = box.dataset.parts + known.upload + "/";
    let at = known.received;
    while (at < file.size) {
      const answer = await ask(
        address + "?start=" + at,
        { method: "POST", body: bytes.subarray(at, at + PART), headers: headers(box, { "Content-Type": "application/octet-stream" }) },
        say
      );
      if (answer.ok || answer.status === 409) {
        at = (await answer.json()).received;
      } else {
        throw new Error(await refusal(answer));
      }
      shown.bar.value = (at * 100) / file.size;
      say(Math.floor((at * 100) / file.size) + "% của " + megabytes(file.size));
    }
    const end = new FormData();
    end.set("upload", String(known.upload));
    end.set("section", box.dataset.files);
    if (box.dataset.paper) {
      end.set("paper", box.dataset.paper);
    }
    end.set("checksum", sum);
    const done = await ask(box.dataset.attach, { method: "POST", body: end, headers: headers(box) }, say);
    if (!done.ok) {
      throw new Error(await refusal(done));
    }
    const list = box.querySelector(".dt-files");
    const place = box.querySelector("[data-shown]");
    if (list) {
      list.insertAdjacentHTML("beforeend", await done.text());
    } else if (place) {
      place.innerHTML = await done.text();
    } else {
      go = (await done.json()).go;
    }
  }

  function tell(form, words) {
    const status = form.querySelector("[data-report-status], [data-uploads]");
    if (status.matches("[data-report-status]")) {
      status.textContent = words;
    }
    status.scrollIntoView({ block: "nearest" });
  }

  /* The files have come: what was pressed is done now, without asking a second time. With a file missing nothing is. */
  function letGo() {
    const pressed = held;
    held = null;
    if (pressed.form.querySelector("[data-uploads] .dt-error")) {
      tell(pressed.form, "Có tệp chưa gửi được nên chưa làm tiếp. Xem lại tệp rồi bấm lại.");
      return;
    }
    pressed.form.dataset.dtAsked = "yes";
    pressed.form.requestSubmit(pressed.button || undefined);
    delete pressed.form.dataset.dtAsked;
  }

  function take(box, file) {
    const shown = line(box, file.name);
    waiting += 1;
    shown.words.textContent = "đang chờ";
    // The next photo is made smaller while the one before it is on its way.
    const small = shrinking.then(() => shrink(file, Number(box.dataset.side || 0)));
    shrinking = small;
    queue = queue.then(async function () {
      try {
        await send(box, small, shown);
        shown.item.remove();
      } catch (error) {
        shown.bar.remove();
        shown.words.className = "dt-error";
        shown.words.textContent = error.message;
      }
      waiting -= 1;
      if (held && !waiting) {
        letGo();
      } else if (go && !waiting) {
        window.location.assign(go);
      }
    });
  }

  boxes.forEach(function (box) {
    box.querySelectorAll("input[type=file]").forEach(function (input) {
      const takeChosen = function () {
        Array.from(input.files).forEach((file) => take(box, file));
        input.value = "";
      };
      input.addEventListener("change", takeChosen);
      takeChosen(); // chosen while this script was still on its way
    });
  });
  new Set(boxes.map((box) => box.closest("form"))).forEach(function (form) {
    form.addEventListener(
      "submit",
      function (event) {
        if (waiting) {
          event.preventDefault();
          event.stopImmediatePropagation();
          held = { form: form, button: event.submitter };
          tell(form, "Đang gửi " + waiting + " tệp; xong tệp sẽ tự làm tiếp.");
        }
      },
      true
    );
  });
  window.addEventListener("beforeunload", function (event) {
    if (waiting) {
      event.preventDefault();
    }
  });
})();
