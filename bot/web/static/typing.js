// What the user says: the input with its hints and its memory, and the one POST.
export const $ = (id) => document.getElementById(id);
const form = $("form"), input = $("input"), hints = $("hints"), problem = $("problem");
const verbs = [...document.querySelectorAll(".verb")].map((button) => button.dataset);
const said = [];  // what was typed, newest last
let back = 0;  // how far ArrowUp has gone into it
let marked = -1;  // the hint that Tab takes

export async function say(text, replyTo = "") {
  problem.textContent = "";
  try {
    const answer = await fetch("/say", {
      method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({text, reply_to: replyTo}),
    });
    if (answer.ok) return true;
    problem.textContent = (await answer.json().catch(() => ({}))).error || `It was refused (${answer.status}).`;
  } catch {
    problem.textContent = "Watchword does not answer; is it still running? What you typed is kept.";
  }
  return false;
}

async function send() {
  const text = input.value.trim();
  if (!text || form.classList.contains("busy")) return;
  form.classList.add("busy");
  if (await say(text)) { said.push(text); back = 0; if (input.value.trim() === text) fill(""); }
  form.classList.remove("busy");
}

export function fill(text) { input.value = text; suggest(); input.focus(); }

function suggest() {
  const typed = input.value.replace(/^\//, "").toLowerCase();
  const [word] = typed.split(/\s/);
  const fits = typed && word === typed ? verbs.filter(({verb}) => verb.startsWith(typed) && verb !== typed) : [];
  marked = fits.length ? 0 : -1;
  hints.replaceChildren(...fits.slice(0, 6).map(({verb, usage, summary}, at) => {
    const hint = document.createElement("li");
    Object.assign(hint, {id: `hint-${at}`, role: "option", onclick: () => fill(`${verb} `)});
    hint.append(Object.assign(document.createElement("code"), {textContent: usage}), summary);
    return hint;
  }));
  point(0);
  const known = verbs.find(({verb}) => verb === word);
  $("usage").textContent = known && !fits.length ? `${known.usage} · ${known.summary}` : "";
}

function point(step) {
  const count = hints.children.length;
  if (count) marked = (marked + step + count) % count;
  [...hints.children].forEach((hint, at) => hint.setAttribute("aria-selected", at === marked));
  hints.hidden = !count;
  input.setAttribute("aria-expanded", count > 0);
  if (count) input.setAttribute("aria-activedescendant", `hint-${marked}`); else input.removeAttribute("aria-activedescendant");
}

function recall(step) {
  back = Math.min(Math.max(back + step, 0), said.length);
  input.value = back ? said[said.length - back] : "";
}

input.addEventListener("input", () => { back = 0; suggest(); });
input.addEventListener("keydown", (event) => {
  const step = {ArrowUp: 1, ArrowDown: -1}[event.key];
  if (event.isComposing) return;
  if (event.key === "Enter" && !event.shiftKey) send();
  else if (event.key === "Tab" && !event.shiftKey && !hints.hidden) hints.children[marked].click();
  else if (event.key === "Escape" && !hints.hidden) { hints.replaceChildren(); point(0); }
  else if (step && !hints.hidden) point(-step);
  else if (step && (back || !input.value)) recall(step);
  else return;
  event.preventDefault();
});
form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
