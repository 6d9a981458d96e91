"use strict";
// Sheets whose codes cannot be read: the short code printed on each is typed beside its picture.

const sheets = { all: [], here: 0, seen: false };

async function loadSheets() {
  const answer = await ask("/nameless");
  sheets.all = answer.ok ? answer.body.sheets : [];
  countSheets();
}

function countSheets() {
  at("to_sheets").hidden = !sheets.all.length || !at("nameless").hidden;
  at("to_sheets").textContent = say("to_sheets", { count: sheets.all.length });
}

function showSheet(step = 0) {
  if (desk.busy) return; // a name is under way: its sheet stays
  if (!sheets.all.length) return backToCases();
  sheets.here = (sheets.here + step + sheets.all.length) % sheets.all.length;
  const sheet = sheets.all[sheets.here];
  at("shown").hidden = at("none").hidden = true;
  at("nameless").hidden = false;
  sheets.seen = false; // no code is taken for a sheet that is not there yet
  replacePicture(at("sheet"), `/nameless/${sheet.scan}`);
  at("sheet_reason").textContent = sheet.reason;
  at("sheet_message").hidden = true;
  at("code").value = "";
  at("code").focus({ preventScroll: true });
  countSheets();
}

function backToCases() {
  if (desk.busy) return;
  at("nameless").hidden = true;
  countSheets();
  location.reload(); // what was named may have brought new doubts
}

async function nameSheet() {
  if (desk.busy || !sheets.seen || !at("code").value.trim()) return;
  const sheet = sheets.all[sheets.here];
  desk.busy = true;
  const answer = await ask("/name", { id: sheet.scan, code: at("code").value });
  desk.busy = false;
  if (answer.ok) {
    sheets.all.splice(sheets.all.indexOf(sheet), 1);
    return showSheet();
  }
  at("sheet_message").hidden = false;
  at("sheet_message").textContent = [answer.body.text, answer.body.hint].filter(Boolean).join("\n");
}

whenSettled(at("sheet"), (whole) => { sheets.seen = true; at("sheet").hidden = !whole; });
at("to_sheets").addEventListener("click", () => showSheet());
at("sheet_next").addEventListener("click", () => showSheet(1));
at("sheet_back").addEventListener("click", () => showSheet(-1));
at("sheet_name").addEventListener("click", nameSheet);
at("to_cases").addEventListener("click", backToCases);
at("code").addEventListener("keydown", (event) => { if (event.key === "Enter") nameSheet(); else if (event.key === "Escape") backToCases(); });
loadSheets();
