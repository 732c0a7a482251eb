// The conversation, live. No framework: an event stream in, one POST out (docs/decisions/0003-no-htmx.md).
import {$, fill, say} from "./typing.js";

const log = $("log");
const lines = new Map([...log.children].map((line) => [line.dataset.key, line]));
let chosen = null;  // the message whose looks are shown

function localTimes(part) {
  for (const time of part.querySelectorAll("time:not(.exact)")) {
    const when = new Date(time.dateTime);
    const today = when.toDateString() === new Date().toDateString();
    time.textContent = when.toLocaleString([], {hour: "2-digit", minute: "2-digit", ...(today ? {} : {day: "numeric", month: "short"})});
    time.title = when.toLocaleString([], {dateStyle: "full", timeStyle: "long"});
  }
}

function choose(line) {
  const looks = line && line.querySelector("template");
  if (!looks) return;
  if (chosen) mark(chosen, false);
  chosen = line;
  mark(line, true);
  const copy = looks.content.cloneNode(true);
  $("telegram").replaceChildren(copy.querySelector(".telegram"));
  $("slack").replaceChildren(copy.querySelector(".slack"));
}

function mark(line, on) {
  line.classList.toggle("chosen", on);
  line.querySelector(".pick").setAttribute("aria-pressed", on);
}

const newest = (wanted) => [...log.querySelectorAll(wanted)].pop();

function put({key, version, html}) {
  const old = lines.get(key);
  if (old && old.dataset.version === version) return;
  const box = document.createElement("template");
  box.innerHTML = html;  // rendered and escaped by the server
  const line = box.content.querySelector("li");
  const follow = !chosen || chosen === old || chosen === newest(".message") || chosen === newest(".alert");
  localTimes(line);
  lines.set(key, line);
  if (old) old.replaceWith(line); else log.append(line);
  $("empty").hidden = true;
  if (old ? chosen === old : follow && line.classList.contains("message")) choose(line);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-command]");
  const line = event.target.closest("li.message") || (event.target.closest("#looks") && chosen);
  if (button) {
    button.disabled = true;
    say(button.dataset.command, line.dataset.key).finally(() => { button.disabled = false; });
  } else if (event.target.closest(".verb")) {
    fill(`${event.target.closest(".verb").dataset.verb} `);
  } else if (line && !event.target.closest("a") && getSelection().isCollapsed) {
    choose(line);
    if (event.target.closest(".pick")) $("looks").scrollIntoView({block: "nearest"});
  }
});

const state = (text) => { $("state").textContent = text; $("state").classList.toggle("live", text === "live"); };
function listen() {
  const events = new EventSource("/events");  // comes again by itself, with the id of the last event it saw
  events.addEventListener("line", (event) => put(JSON.parse(event.data)));
  events.addEventListener("current", () => state("live"));
  events.addEventListener("error", () => {
    state("reconnecting…");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);  // refused: too many pages are open
  });
}
listen();
localTimes(document);
choose(newest(".alert") || newest(".message"));
