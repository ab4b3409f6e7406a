/*
 * What lies on the phone, in the browser's own database. Used by the page, by the service worker and at sign-out.
 *
 * copies: one row a sheet: id, ticket, delegation, user, until (ms of this phone's clock), offset (ms from this clock to the
 * server's), sheet (names; null once wiped), wiped (why), report (what the server is still to be told).
 * visits: one row a call: key, copy, person, place, typed, pictures, at, state: unsent, sent, look; heading and words of the
 * server; tries, next (ms). What was sent keeps neither what was typed nor pictures.
 * drafts: a form that was begun: id "copy:person", values, pictures.
 */
(function () {
  "use strict";

  const NAME = "dt-village";
  const STORES = { copies: "id", visits: "key", drafts: "id" };
  const WEEK = 7 * 24 * 60 * 60 * 1000; // milliseconds
  let opening = null;

  function open() {
    opening =
      opening ||
      new Promise(function (resolve, reject) {
        const asked = self.indexedDB.open(NAME, 1);
        asked.onupgradeneeded = function () {
          Object.keys(STORES).forEach((name) => asked.result.createObjectStore(name, { keyPath: STORES[name] }));
        };
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    return opening;
  }

  /* One thing with one store; resolves once it is on the disk. */
  async function within(name, mode, act) {
    const database = await open();
    return new Promise(function (resolve, reject) {
      const transaction = database.transaction(name, mode);
      const asked = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const all = (name) => within(name, "readonly", (store) => store.getAll());
  const get = (name, key) => within(name, "readonly", (store) => store.get(key));
  const put = (name, row) => within(name, "readwrite", (store) => store.put(row));
  const remove = (name, key) => within(name, "readwrite", (store) => store.delete(key));

  /* The newest sheet of a delegation that still holds names and whose days are not over. */
  async function sheetOf(delegation) {
    const rows = (await all("copies")).filter((row) => row.delegation === delegation && row.sheet && row.until > Date.now());
    return rows.sort((one, other) => other.id - one.id)[0] || null;
  }

  /* Take the names off this phone. What was not sent stays, by number, until it has been sent. */
  async function wipe(copy, why) {
    const drafts = (await all("drafts")).filter((row) => row.id.startsWith(copy.id + ":"));
    for (const row of drafts) {
      await remove("drafts", row.id);
    }
    await put("copies", Object.assign({}, copy, { sheet: null, wiped: why, report: why === "revoked" ? "" : why }));
  }

  /* Sheets whose seven days are over; rows that have nothing left to say. Returns what stays. */
  async function tidy() {
    for (const copy of await all("copies")) {
      if (copy.sheet && copy.until <= Date.now()) {
        await wipe(copy, "expired");
      }
    }
    const visits = await all("visits");
    for (const copy of await all("copies")) {
      const open = visits.some((visit) => visit.copy === copy.id && visit.state !== "sent");
      // Whose week ended, or who was called back, still reads by number what became of the calls.
      const over = copy.wiped === "synced" || copy.wiped === "signed_out" || Date.now() > copy.until + WEEK;
      if (!copy.sheet && !open && !copy.report && over) {
        for (const visit of visits.filter((row) => row.copy === copy.id)) {
          await remove("visits", visit.key);
        }
        await remove("copies", copy.id);
      }
    }
    const left = await all("copies");
    try {
      if (left.length) {
        self.localStorage.setItem(NAME, String(left[left.length - 1].user));
      } else {
        self.localStorage.removeItem(NAME);
      }
    } catch (error) {
      // The worker has none; the pages keep the mark.
    }
    return left;
  }

  self.dtVillage = self.dtVillage || {};
  self.dtVillage.store = { all, get, put, remove, sheetOf, wipe, tidy, mark: NAME };
})();
