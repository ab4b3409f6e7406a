/* The wall screen: figures that could not be fetched again are shown as what they are, old. */
(function () {
  "use strict";

  function notice() {
    return document.querySelector("[data-wall-stale]");
  }

  function at() {
    const shown = document.querySelector("[data-wall-at]");
    return shown ? shown.dataset.wallAt : "";
  }

  function say(why) {
    const place = notice();
    place.textContent = why + " Số liệu đang hiện là của " + at() + ", có thể đã cũ.";
    place.hidden = false;
  }

  document.addEventListener("htmx:responseError", function (event) {
    const status = event.detail.xhr.status;
    if (status === 403) {
      say("Phiên làm việc trên màn hình này đã hết, cần đăng nhập lại.");
    } else if (status === 404) {
      say("Không còn xem được văn bản này.");
    } else {
      say("Máy chủ báo lỗi.");
    }
  });
  document.addEventListener("htmx:sendError", function () {
    say("Không kết nối được với máy chủ.");
  });
  document.addEventListener("htmx:timeout", function () {
    say("Máy chủ không trả lời.");
  });
  /* Any other page than the figures (a sign-in form, a notice of maintenance) must not take their place. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.shouldSwap && !event.detail.serverResponse.includes("data-wall-at")) {
      event.detail.shouldSwap = false;
      say("Máy chủ trả lời một trang khác.");
    }
  });
  document.addEventListener("htmx:afterSwap", function () {
    notice().hidden = true;
  });
})();
