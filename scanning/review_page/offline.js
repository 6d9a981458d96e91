"use strict";
// An exported review: answers itself instead of the desk, keeps what was decided in the browser where it may, and saves it to a file.

window.elsewhere = (() => {
  const set = JSON.parse(document.getElementById("set").textContent);
  const words = JSON.parse(document.getElementById("words").textContent);
  const kept = { answers: {}, comments: {}, ...remembered() };
  const roots = new Map(); // what page.js takes for a record's number leads back to the record that was exported
  const before = new Map();
  let made = 0;
  let unsaved = false;

  function remembered() {
    try {
      return JSON.parse(localStorage.getItem(`poshta-${set.seal}`)) ?? {};
    } catch {
      return {}; // some browsers keep nothing for a file
    }
  }

  function keep() {
    unsaved = true;
    try {
      localStorage.setItem(`poshta-${set.seal}`, JSON.stringify(kept));
    } catch {
      // the answers stay on the page, and go into the file
    }
  }

  const root = (id) => roots.get(id) ?? id;
  const well = (body) => ({ ok: true, status: 200, body });
  const caseOf = (id) => set.groups.flatMap((group) => group.cases).find((each) => each.id === root(id));

  function cases() {
    const shown = (each) => {
      const said = kept.answers[each.id];
      const comment = kept.comments[each.id] ?? each.comment;
      return { ...each, comment, gone: said?.value !== undefined, aside: each.aside || said?.aside === true };
    };
    return well({ groups: set.groups.map((group) => ({ ...group, cases: group.cases.map(shown) })) });
  }

  function decided(id, said) {
    const first = root(id);
    made += 1;
    before.set(-made, kept.answers[first]);
    roots.set(-made, first);
    kept.answers[first] = said;
    keep();
    return well({ id: -made });
  }

  function fits(value, most) { // most: the largest number, with as many decimals as there are columns; ± where there is a minus
    const largest = most.replace("±", ""), decimals = (largest.split(".")[1] ?? "").length;
    const number = value.replace(",", ".").replace(/^[−–]/, "-");
    const shape = new RegExp(`^${most.startsWith("±") ? "-?" : ""}\\d+${decimals ? `(\\.\\d{1,${decimals}})?` : ""}$`);
    return shape.test(number) && Math.abs(Number(number)) <= Number(largest);
  }

  function impossible({ kind, most }, value) {
    if (value === "") return "";
    if (kind === "number" && !fits(value, most)) return words[/^\d+$/.test(most) ? "give_number" : "give_decimal"].replace("{last}", most);
    const points = value.replace(",", ".");
    if (kind === "points" && !(/^\d+(\.\d{1,2})?$/.test(points) && Number(points) <= Number(most))) return words.give_up_to.replace("{points}", most);
    return "";
  }

  function decide({ id, value }) {
    const text = impossible(caseOf(id), value);
    return text ? { ok: false, status: 422, body: { text } } : decided(id, { value });
  }

  function undo({ id }) {
    const first = root(id);
    if (before.get(id) === undefined) delete kept.answers[first];
    else kept.answers[first] = before.get(id);
    keep();
    return well({ id: first });
  }

  function comment({ id, said, words: typed }) {
    kept.comments[root(id)] = typed;
    keep();
    return well({ said });
  }

  function file() {
    const answers = Object.entries(kept.answers).map(([id, said]) => ({ id: Number(id), ...said }));
    const comments = Object.entries(kept.comments).map(([id, said]) => ({ id: Number(id), words: said }));
    return { format: "poshta-answers", version: 1, set: set.sealed, seal: set.seal, answers, comments };
  }

  function save() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(file(), null, 1)], { type: "application/json" }));
    link.download = set.file;
    link.click();
    unsaved = false;
    document.getElementById("saved").textContent = words.saved.replace("{file}", set.file);
    return well({});
  }

  window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  const ways = { "/cases": cases, "/decide": decide, "/aside": ({ id }) => decided(id, { aside: true }), "/undo": undo, "/comment": comment };
  return { ask: async (path, body) => ways[path](body), pictureOf: (id) => set.pictures[root(id)] ?? "data:,", save, file };
})();
