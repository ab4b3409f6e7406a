/*
 * The queue: what was written down goes to the server, each visit with its key, until the server has said what became of it.
 * A visit may go twice; its key is stored once. Without a session the ticket hands it over all the same.
 *
 * dtVillage.queue(addresses): send and state are addresses. run() sends what is due, check() asks how each sheet stands;
 * both tell whoever listens to "dt-village" on the document that something has changed.
 */
(function () {
  "use strict";

  const FIRST_WAIT = 5000; // milliseconds, doubled with every try
  const LONGEST_WAIT = 600000;
  const LINE = 30000; // how long one question may take; a visit with photos four times as long

  function tell() {
    document.dispatchEvent(new CustomEvent("dt-village"));
  }

  async function post(address, body, patience, handsOver) {
    // A phone that asks by itself must not keep a session alive.
    const options = { method: "POST", body: body, redirect: "manual", cache: "no-store", headers: { "X-Background": "1" } };
    if (typeof body === "string") {
      options.headers["Content-Type"] = "application/json";
    }
    // An older browser waits as long as it likes.
    const signal = () => (AbortSignal.timeout ? AbortSignal.timeout(patience) : undefined);
    const ask = (credentials) => fetch(address, Object.assign({ credentials: credentials, signal: signal() }, options));
    let answer = await ask("same-origin");
    if (handsOver && (answer.type === "opaqueredirect" || answer.status === 401)) {
      // The session wants something of its person first (a second factor); the ticket alone does not. Who is signed in is
      // not asked in this way: without its cookie everybody would seem to have left.
      answer = await ask("omit");
    }
    let said = null;
    try {
      said = await answer.json();
    } catch (error) {
      said = null;
    }
    return { status: said ? answer.status : Math.max(answer.status, 500), said: said };
  }

  function body(visit, copy) {
    const told = Object.assign({}, visit.typed, {
      key: visit.key,
      copy: copy.id,
      ticket: copy.ticket,
      person: visit.person,
      noted_at: visit.at,
      pictures: (visit.pictures || []).map((picture) => ({ kind: picture.kind, mark: picture.mark })),
    });
    if (!told.pictures.length) {
      return JSON.stringify(told);
    }
    const form = new FormData();
    form.set("visit", JSON.stringify(told));
    visit.pictures.forEach((picture, place) => form.append("picture", picture.blob, "anh-" + (place + 1) + (picture.blob.type === "image/png" ? ".png" : ".jpg")));
    return form;
  }

  dtVillage.queue = function (addresses) {
    const store = dtVillage.store;
    let running = null;
    let timer = 0;

    async function later(visit) {
      const tries = (visit.tries || 0) + 1;
      const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * Math.pow(2, tries - 1));
      await store.put("visits", Object.assign(visit, { tries: tries, next: Date.now() + wait }));
    }

    async function one(visit, copy) {
      let answer = null;
      try {
        answer = await post(addresses.send, body(visit, copy), visit.pictures && visit.pictures.length ? 4 * LINE : LINE, true);
      } catch (error) {
        await later(visit);
        return false;
      }
      if (answer.status === 429 || answer.status >= 500) {
        await later(visit);
        return false;
      }
      if (answer.status !== 200) {
        // It stays on the phone as it was typed, to be mended or shown to somebody.
        await store.put("visits", Object.assign(visit, { state: "look", heading: "Chưa gửi được", words: answer.said.words }));
        return true;
      }
      await store.put("visits", {
        key: visit.key,
        copy: visit.copy,
        person: visit.person,
        place: visit.place,
        at: visit.at,
        state: "sent",
        outcome: answer.said.outcome,
        why: answer.said.why,
        heading: answer.said.heading,
        words: answer.said.words,
      });
      return true;
    }

    async function round(now) {
      const copies = new Map((await store.all("copies")).map((row) => [row.id, row]));
      const due = (await store.all("visits")).filter((row) => row.state === "unsent" && (now || (row.next || 0) <= Date.now()));
      for (const visit of due.sort((left, right) => (left.at < right.at ? -1 : 1))) {
        const went = copies.has(visit.copy) && (await one(visit, copies.get(visit.copy)));
        tell();
        if (!went) {
          break; // the line is down: the others would only wait as long
        }
      }
      const waits = (await store.all("visits")).filter((row) => row.state === "unsent").map((row) => (row.next || 0) - Date.now());
      window.clearTimeout(timer);
      if (waits.length) {
        timer = window.setTimeout(run, Math.max(1000, Math.min.apply(null, waits)));
      }
    }

    /* now: true where somebody has pressed the button, whatever pause was left. */
    function run(now) {
      if (!running) {
        const act = () => round(now === true);
        // Two pages of one phone do not send the same thing at the same moment.
        const held = navigator.locks ? navigator.locks.request("dt-village", act) : act();
        running = Promise.resolve(held).finally(function () {
          running = null;
          tell();
        });
      }
      return running;
    }

    /* What only waited for its sender to sign in is asked again once the sender has: the key is enough. */
    async function askAgain(copy) {
      const rows = (await store.all("visits")).filter((row) => row.copy === copy.id && row.state === "sent" && row.outcome === "waiting");
      for (const visit of rows) {
        const told = JSON.stringify({ key: visit.key, copy: copy.id, ticket: copy.ticket, person: visit.person });
        const answer = await post(addresses.send, told, LINE);
        if (answer.status === 200) {
          const said = { outcome: answer.said.outcome, why: answer.said.why, heading: answer.said.heading, words: answer.said.words };
          await store.put("visits", Object.assign(visit, said));
        }
      }
    }

    /* How every sheet stands; wipes what does not hold any more. Returns the session as the server sees it, "" without a line. */
    async function check() {
      let session = "";
      const open = new Set((await store.all("visits")).filter((row) => row.outcome === "waiting").map((row) => row.copy));
      for (const copy of await store.tidy()) {
        if (!copy.sheet && !copy.report && !open.has(copy.id)) {
          continue; // nothing to ask
        }
        const told = { copy: copy.id, ticket: copy.ticket };
        if (copy.report) {
          told.end = copy.report;
        }
        let answer = null;
        try {
          answer = await post(addresses.state, JSON.stringify(told), LINE);
        } catch (error) {
          continue;
        }
        if (answer.status === 403 && copy.sheet) {
          await store.wipe(copy, "revoked");
        }
        if (answer.status !== 200) {
          if (answer.status === 403 && copy.report) {
            await store.put("copies", Object.assign(await store.get("copies", copy.id), { report: "" }));
          }
          continue;
        }
        session = answer.said.session;
        if (copy.report) {
          await store.put("copies", Object.assign(copy, { report: "" }));
        } else if (copy.sheet && answer.said.ended) {
          await store.wipe(copy, answer.said.ended === "revoked" ? "revoked" : "expired");
        } else if (copy.sheet && (session === "other" || session === "left")) {
          await store.wipe(copy, "signed_out");
        } else if (session === "same") {
          await askAgain(copy).catch(() => null);
        }
      }
      await store.tidy();
      tell();
      return session;
    }

    return { run, check };
  };
})();
