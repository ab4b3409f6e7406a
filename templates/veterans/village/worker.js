/*
 * The service worker of the page for the village. It keeps the page's empty shell and its files, and nothing else: no page with
 * a name in it, no answer of the server. Names lie in the browser's database (store.js), which is wiped.
 */
"use strict";

const KEPT = {{ kept|safe }};
importScripts(KEPT.store);

const PATIENCE = 6000; // milliseconds a page is waited for before the shell is shown
const PAGE = new RegExp("^" + KEPT.scope + "(\\d+)/$");

self.addEventListener("install", function (event) {
  event.waitUntil(
    caches
      .open(KEPT.name)
      .then((cache) => cache.addAll([KEPT.shell].concat(KEPT.files).map((address) => new Request(address, { cache: "reload", credentials: "omit" }))))
      .then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("dt-village-") && name !== KEPT.name).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

async function page(request, delegation) {
  const here = await dtVillage.store.sheetOf(delegation).catch(() => null);
  const shell = here ? await caches.match(KEPT.shell) : null;
  if (!shell) {
    return fetch(request);
  }
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  // A redirect leads to the sign-in page: whoever stands in a village with a session that ended still sees the sheet.
  return answer && answer.ok ? answer : shell;
}

self.addEventListener("fetch", function (event) {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) {
    return;
  }
  const asked = PAGE.exec(address.pathname);
  if (event.request.mode === "navigate" && asked) {
    event.respondWith(page(event.request, Number(asked[1])));
  } else if (KEPT.files.includes(address.pathname + address.search)) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
