/* How htmx takes answers on every page; and when a part of the page cannot be fetched, it is said in words. */
(function () {
  "use strict";

  /* Before htmx begins with the page. No styles of its own and nothing computed from text: the security policy forbids both. */
  Object.assign(htmx.config, {
    includeIndicatorStyles: false,
    allowEval: false,
    historyCacheSize: 0,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });

  const WORDS = {
    0: "Không kết nối được với máy chủ. Xin kiểm tra mạng rồi làm lại.",
    403: "Anh/chị không có quyền làm việc này, hoặc trang đã mở quá lâu. Xin tải lại trang.",
    404: "Không tìm thấy nội dung này. Xin tải lại trang.",
    503: "Hệ thống đang bận, xin thử lại sau ít giây. Phần đã gõ vẫn còn trên trang này.",
    409: "Việc này vừa được người khác xử lý. Xin tải lại trang để xem.",
  };

  function say(words) {
    const place = document.getElementById("dt-live");
    if (!place) {
      return;
    }
    const notice = document.createElement("div");
    notice.className = "dt-notice dt-notice--bad";
    const text = document.createElement("p");
    text.textContent = words + " ";
    const again = document.createElement("a");
    again.href = window.location.href;
    again.textContent = "Tải lại trang";
    text.appendChild(again);
    notice.appendChild(text);
    place.replaceChildren(notice);
  }

  document.addEventListener("htmx:responseError", function (event) {
    say(WORDS[event.detail.xhr.status] || "Máy chủ báo lỗi, chưa làm được. Xin thử lại sau ít phút.");
  });
  document.addEventListener("htmx:sendError", function () {
    say(WORDS[0]);
  });
  document.addEventListener("htmx:timeout", function () {
    say(WORDS[0]);
  });

  /* A session that ended answers with the sign-in page: do not put that into a part of this one. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    const address = event.detail.xhr.responseURL || "";
    if (address && new URL(address).pathname.startsWith("/accounts/login/")) {
      event.detail.shouldSwap = false;
      say("Phiên làm việc đã hết. Xin tải lại trang để đăng nhập.");
    }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const place = document.getElementById("dt-live");
    if (event.detail.successful && place && !place.textContent.includes("Phiên làm việc")) {
      place.replaceChildren();
    }
  });
})();
