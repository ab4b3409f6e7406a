/*
 * Names after "@" in a comment: a list of those who may read it, fetched when the first "@" is typed. Arrow down goes into
 * the list, Enter or a click takes the name, Esc closes. Without JavaScript a typed name is understood as well.
 */
(function () {
  "use strict";

  const MOST = 8;

  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  function begin(area, address, scopeOf) {
    const place = document.createElement("div");
    const known = new Map();
    place.className = "dt-mention";
    area.after(place);

    function close() {
      place.textContent = "";
    }

    function typed() {
      const before = area.value.slice(0, area.selectionStart);
      const found = /(?:^|[\s(])@([^@\n]{0,40})$/.exec(before);
      return found ? { words: found[1], at: before.length - found[1].length } : null;
    }

    function people() {
      const scope = scopeOf();
      if (!known.has(scope)) {
        known.set(
          scope,
          fetch(address + "?" + new URLSearchParams({ "pham-vi": scope }), { credentials: "same-origin" })
            .then(function (answer) {
              return answer.ok && !answer.redirected ? answer.json() : { people: [] };
            })
            .catch(function () {
              return { people: [] };
            })
        );
      }
      return known.get(scope);
    }

    function take(person, at) {
      const rest = area.value.slice(area.selectionStart);
      const text = area.value.slice(0, at) + person.name + " ";
      area.value = text + rest.replace(/^ /, "");
      area.focus();
      area.setSelectionRange(text.length, text.length);
      area.dispatchEvent(new Event("input", { bubbles: true }));
      close();
    }

    function show() {
      const asked = typed();
      if (!asked) {
        close();
        return;
      }
      people().then(function (answer) {
        const now = typed();
        if (!now) {
          close();
          return;
        }
        const sought = fold(now.words.trim());
        const fits = answer.people.filter(function (person) {
          return !sought || fold(person.name).includes(sought);
        });
        const done = fits.length === 1 && fold(fits[0].name) === sought;
        close();
        if (!fits.length || done) {
          return;
        }
        const list = document.createElement("ul");
        list.setAttribute("aria-label", "Người có thể nhắc tới");
        fits.slice(0, MOST).forEach(function (person) {
          const line = document.createElement("li");
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = person.name + " – " + person.place;
          button.addEventListener("click", function () {
            take(person, now.at);
          });
          line.append(button);
          list.append(line);
        });
        place.append(list);
      });
    }

    area.addEventListener("input", show);
    area.addEventListener("keydown", function (event) {
      const first = place.querySelector("button");
      if (event.key === "ArrowDown" && first) {
        event.preventDefault();
        first.focus();
      } else if (event.key === "Escape" && first) {
        event.stopPropagation();
        close();
      }
    });
    place.addEventListener("keydown", function (event) {
      const all = Array.from(place.querySelectorAll("button"));
      const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (event.key === "Escape") {
        close();
        area.focus();
      } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        (all[next] || area).focus();
      }
    });
    area.addEventListener("blur", function () {
      setTimeout(function () {
        if (!place.contains(document.activeElement)) {
          close();
        }
      }, 150);
    });
  }

  function scopeIn(form) {
    return function () {
      const chosen = form.querySelector("select[name=scope], input[name=scope]:checked, input[name=scope][type=hidden]");
      return chosen ? chosen.value : "";
    };
  }

  document.querySelectorAll("textarea[data-dt-mention]").forEach(function (area) {
    begin(area, area.dataset.dtMention, scopeIn(area.form));
  });
  document.querySelectorAll("form[data-dt-mention-form]").forEach(function (form) {
    const area = form.querySelector("textarea");
    if (area) {
      begin(area, form.dataset.dtMentionForm, scopeIn(form));
    }
  });
})();
