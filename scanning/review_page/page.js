"use strict";
// Shows one case after the other, takes keys and touches, and sends each decision with the record that it is about.

const words = JSON.parse(document.getElementById("words").textContent);
const key = document.querySelector("meta[name=poshta-key]")?.content;
const elsewhere = window.elsewhere; // a page that was exported answers itself: offline.js
const at = (name) => document.getElementById(name);
const say = (name, fields = {}) => words[name].replace(/\{(\w+)\}/g, (whole, field) => fields[field] ?? whole);
const AHEAD = 3; // pictures that are asked for before they are needed
const FINAL = [403, 404, 409]; // refusals that asking again does not change
const LETTERS = "abcdefgh";

const desk = { cases: [], here: 0, aside: false, chosen: new Set(), made: [], done: 0, keys: 0, busy: false, whole: false, seen: false };
const now = () => desk.cases[desk.here];
const open = (each) => !each.gone && each.aside === desk.aside;
const left = () => desk.cases.filter(open).length;

async function start() {
  if (!elsewhere) history.replaceState(null, "", "/");
  const answer = await ask("/cases");
  if (!answer.ok) return stop(answer.body.text);
  for (const group of answer.body.groups) for (const each of group.cases) desk.cases.push({ ...each, group });
  desk.here = -1;
  move(1);
}

async function ask(path, body) {
  if (elsewhere) return elsewhere.ask(path, body);
  const post = { method: "POST", headers: { "Content-Type": "application/json", "X-Poshta-Key": key }, body: JSON.stringify(body) };
  try {
    const answer = await fetch(path, body === undefined ? {} : post);
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch {
    return { ok: false, status: 0, body: { text: words.lost } };
  }
}

function pictureOf({ id, road }, whole) {
  return elsewhere ? elsewhere.pictureOf(id) : `${road ? "/road" : ""}/picture/${id}${whole ? "?whole" : ""}`;
}

// Where we stand

function move(step) {
  for (let place = desk.here + step; place >= 0 && place < desk.cases.length; place += step) {
    if (open(desk.cases[place])) return show(place);
  }
  if (step > 0 && left() && desk.here >= 0 && !(now() && open(now()))) return move(-1);
  if (!left()) showNone();
}

function show(place) {
  desk.here = place;
  desk.chosen.clear();
  at("none").hidden = true;
  at("shown").hidden = false;
  tell("");
  const each = now();
  at("group").textContent = say(each.road ? "road_group" : "group", each.group);
  at("text").textContent = each.group.text;
  at("text").lang = each.group.language;
  at("place").textContent = say(each.road ? "road_place" : "place", each);
  at("reason").textContent = each.doubt ? say("doubt", each) : say("waiting", each);
  at("candidates").textContent = each.candidates.length ? say("candidates", { values: each.candidates.join(" · ") }) : "";
  at("unreadable").hidden = !each.doubt;
  showPicture();
  showRubric();
  showOptions();
  showWords();
  showTally();
}

function showRubric() {
  at("rubric").hidden = !now().group.rubric.length;
  at("rubric").lang = now().group.language;
  at("rubric").replaceChildren(...now().group.rubric.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
}

function showWords() {
  at("said").hidden = !!now().road; // a driver is told nothing
  at("blank").firstChild.textContent = `${now().road ? words.nothing_said : words.blank} `;
  at("words_to_pupil").value = now().comment;
  at("letters_left").textContent = "";
}

function showPicture() {
  document.body.classList.toggle("whole", desk.whole);
  at("around").setAttribute("aria-pressed", desk.whole);
  at("lost").hidden = true;
  desk.seen = false; // nothing is decided about a picture that is not there yet
  replacePicture(at("picture"), pictureOf(now(), desk.whole));
  desk.cases.slice(desk.here + 1).filter(open).slice(0, AHEAD).forEach((each) => { new Image().src = pictureOf(each, false); });
}

function replacePicture(picture, address) {
  picture.hidden = true; // the one before never stands beside the next case
  picture.removeAttribute("src");
  picture.src = address;
}

function whenSettled(picture, settled) {
  const told = () => { if (picture.complete) settled(picture.naturalWidth > 0); }; // a picture that was replaced meanwhile is not complete
  picture.addEventListener("load", told);
  picture.addEventListener("error", told);
}

function showOptions() {
  const each = now();
  const typed = each.kind === "number" || (each.kind === "points" && Number(each.most) > 9);
  const points = each.kind === "points" && !typed;
  const given = points ? [...Array(Math.floor(Number(each.most)) + 1).keys()].map((n) => ({ value: `${n}`, label: `${n}`, text: "" })) : each.options;
  each.given = typed ? [] : given;
  at("options").className = points ? "points" : "";
  at("options").replaceChildren(...each.given.map((option, place) => button(option, place)));
  at("ask").textContent = { one: words.choose, several: words.choose_several, number: words.type_number }[each.kind] ?? (typed ? words.type_points : words.give_points);
  at("confirm").hidden = points;
  at("field").hidden = !typed;
  at("field").value = "";
  if (typed) at("field").focus({ preventScroll: true });
  else document.activeElement.blur();
}

function button(option, place) {
  const made = document.createElement("button");
  const letter = document.createElement("b");
  letter.textContent = option.label;
  made.type = "button";
  made.append(letter, option.text);
  made.addEventListener("click", () => { made.blur(); choose(place); });
  return made;
}

function showChosen() {
  [...at("options").children].forEach((each, place) => each.classList.toggle("chosen", desk.chosen.has(now().given[place].value)));
}

function showTally() {
  at("tally").textContent = say("tally", { left: left(), done: desk.done, keys: desk.keys });
}

function showNone() {
  const aside = desk.cases.filter((each) => !each.gone && each.aside).length;
  at("shown").hidden = true;
  at("none").hidden = false;
  at("verdict").textContent = desk.done ? words.finished : words.empty;
  at("left_aside").hidden = at("show_aside").hidden = desk.aside || !aside;
  at("left_aside").textContent = say("aside_left", { count: aside });
  at("undo_last").hidden = !desk.made.length;
  showTally();
}

function tell(sentence) {
  for (const name of ["message", "none_message"]) {
    at(name).hidden = !sentence;
    at(name).textContent = sentence;
  }
}

function stop(sentence) {
  at("shown").hidden = true;
  at("none").hidden = false;
  at("verdict").textContent = sentence;
  at("undo_last").hidden = at("left_aside").hidden = at("show_aside").hidden = true;
}

// What a person does

function choose(place) {
  const each = now();
  const option = each.given[place];
  if (!option || !desk.seen) return;
  if (each.kind === "points") return void send("/decide", { value: option.value });
  if (each.kind !== "several") desk.chosen.clear();
  if (!desk.chosen.delete(option.value)) desk.chosen.add(option.value);
  tell("");
  showChosen();
}

function confirm() {
  if (!desk.seen) return;
  const typed = at("field").hidden ? [...desk.chosen].sort().join(",") : at("field").value.trim();
  if (!typed) return tell(words.choose_first);
  send("/decide", { value: typed });
}

const blank = () => send("/decide", { value: "" });
const unreadable = () => now().doubt && send("/aside", {});

async function send(path, body) {
  if (desk.busy || !desk.seen || !now() || !open(now())) return;
  desk.busy = true;
  const each = now();
  const answer = await ask(way(each, path), { ...body, id: each.id });
  desk.busy = false;
  if (!answer.ok) return refused(each, answer);
  if (answer.body.id !== each.id) { // else the same stood already
    desk.made.push({ each, aside: each.aside, made: answer.body.id });
    desk.done += 1;
  }
  each.id = answer.body.id;
  each.aside = path === "/aside";
  each.gone = path === "/decide";
  refreshRoute(answer.body);
  move(1);
}

const way = (each, path) => (each.road ? `/road${path}` : path);

function refreshRoute({ route, groups = [] }) { // a word on one field of a driver's sheet may settle others, or put them in doubt
  const fresh = groups.flatMap((group) => group.cases.map((each) => ({ ...each, group })));
  for (const held of desk.cases.filter((each) => each.road && each.group.route === route)) {
    const same = fresh.findIndex((each) => each.field === held.field);
    held.gone = same < 0;
    if (same >= 0) Object.assign(held, fresh.splice(same, 1)[0]);
  }
  desk.cases.push(...fresh);
}

function refused(each, { status, body }) {
  if (body.code === "conflict") each.gone = true; // shown until the person goes on
  const stands = body.stands === undefined ? "" : say("stands", { value: body.stands });
  tell([body.text, stands, body.hint].filter(Boolean).join("\n"));
  showTally();
}

async function undo() {
  const last = desk.made.at(-1);
  if (desk.busy || !last) return tell(words.nothing_to_undo);
  if (last.comment !== undefined) return undoWords(last);
  desk.busy = true;
  const answer = await ask(way(last.each, "/undo"), { id: last.made });
  desk.busy = false;
  if (answer.ok || FINAL.includes(answer.status)) desk.made.pop(); // what can never be taken back is not in the way of what came before
  at("undo_last").hidden = !desk.made.length;
  if (!answer.ok) return refused(last.each, answer);
  Object.assign(last.each, { id: answer.body.id, gone: false, aside: last.aside });
  refreshRoute(answer.body);
  desk.aside = last.aside;
  desk.done -= 1;
  show(desk.cases.indexOf(last.each));
  tell(words.taken_back);
}

// Words to the pupil: kept when the field is left

async function keepWords(each, typed) {
  if (typed === each.comment) return true;
  const answer = await ask("/comment", { id: each.id, said: each.said, words: typed });
  if (!answer.ok) {
    refusedWords(each, answer);
    return false;
  }
  desk.made.push({ each, comment: each.comment });
  Object.assign(each, { comment: typed, said: answer.body.said });
  if (each === now()) at("letters_left").textContent = typed ? words.comment_kept : words.comment_gone;
  return true;
}

function refusedWords(each, { body }) {
  const stands = body.stands === undefined ? "" : say("stands", { value: body.stands });
  if (each !== now()) show(desk.cases.indexOf(each)); // beside the answer that it is about
  tell([body.text, stands, body.hint].filter(Boolean).join("\n"));
}

async function undoWords(last) {
  desk.made.pop();
  if (await keepWords(last.each, last.comment)) desk.made.pop(); // and not the taking back itself
  show(desk.cases.indexOf(last.each));
  tell(words.taken_back);
}

function inWords(event) {
  event.stopPropagation();
  if (event.key === "Escape") at("words_to_pupil").value = now().comment;
  if (event.key === "Enter" || event.key === "Escape") {
    event.preventDefault();
    at("words_to_pupil").blur();
  }
}

function around() {
  desk.whole = !desk.whole;
  showPicture();
}

function showAside() {
  desk.aside = true;
  desk.here = -1;
  move(1);
}

async function close() {
  if (elsewhere) return elsewhere.save();
  await ask("/close", {});
  stop(words.closed);
  at("close").hidden = true;
}

// Keys: a letter is the one on the key, whatever alphabet the keyboard is set to

function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
}

function optionOf(event) {
  const letter = letterOf(event);
  const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : -1;
  if (now().kind === "points") return digit;
  if (digit > 0) return digit - 1;
  const place = now().given.findIndex((option) => option.label.toLowerCase() === letter);
  return place >= 0 || !letter ? place : LETTERS.indexOf(letter);
}

function pressed(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (at("nameless") && !at("nameless").hidden) return; // nameless.js listens
  if ((event.key === " " || event.key === "Enter") && event.target.closest("button")) return; // the button itself is pressed
  const act = actOf(event);
  if (!act) return;
  event.preventDefault();
  desk.keys += 1;
  act();
  showTally();
}

function actOf(event) {
  const letter = letterOf(event);
  if (letter === "z") return undo;
  if (letter === "s" && elsewhere) return close;
  if (at("shown").hidden) return event.key === "Enter" && !at("show_aside").hidden ? showAside : null;
  const typing = !at("field").hidden;
  if (event.key === "Enter") return open(now()) ? confirm : () => move(1);
  if (event.key === " " || (event.key === "0" && !typing && now().kind !== "points")) return blank;
  if (event.key === "ArrowRight" || event.key === "ArrowDown") return () => move(1);
  if (event.key === "ArrowLeft" || event.key === "ArrowUp") return () => move(-1);
  if (letter === "u") return unreadable;
  if (letter === "w") return elsewhere ? null : around;
  if (letter === "m") return now().road ? null : () => at("words_to_pupil").focus({ preventScroll: true });
  if (typing) return typedInto(event);
  const place = optionOf(event);
  return now().given[place] ? () => choose(place) : null;
}

function typedInto(event) {
  if (event.key === "Backspace") return () => { at("field").value = at("field").value.slice(0, -1); };
  if (!/^[0-9.,\-−]$/.test(event.key)) return null;
  return () => { if (desk.seen) at("field").value += event.key; };
}

const CLICKS = { confirm, blank, unreadable, undo, around, back: () => move(-1), forward: () => move(1), close, show_aside: showAside, undo_last: undo };
for (const [name, act] of Object.entries(CLICKS)) at(name).addEventListener("click", () => { at(name).blur(); act(); showTally(); });
at("words_to_pupil").addEventListener("keydown", inWords);
at("words_to_pupil").addEventListener("input", () => {
  at("letters_left").textContent = say("letters_left", { count: Number(words.most_letters) - [...at("words_to_pupil").value].length });
});
at("words_to_pupil").addEventListener("change", () => keepWords(now(), at("words_to_pupil").value.trim().replace(/\s+/g, " ")));
at("picture").addEventListener("click", () => document.body.classList.toggle("near"));
whenSettled(at("picture"), (whole) => { desk.seen = true; at("picture").hidden = !whole; at("lost").hidden = whole; });
document.addEventListener("keydown", pressed);
start();
