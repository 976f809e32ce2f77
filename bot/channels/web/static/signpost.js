// The page works without this. With it, a reply comes without a page load, and nothing typed is lost on the way.

const PATIENCE = 30000;
const byId = (id) => document.getElementById(id);
const token = (page) => page.querySelector("#ask [name=token]").value;
let busy = false;

function status(text, failed = false) {
  byId("status").textContent = text;
  byId("status").classList.toggle("status--failed", failed);
}

// A file may come instead of a page: it goes to the browser to keep, and the page is looked at anew.
async function keep(response, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = decodeURIComponent(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), PATIENCE);
  return fetch("/", { signal: AbortSignal.timeout(PATIENCE) });
}

async function post(address, body) {
  let response = await fetch(address, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  const [, name] = response.headers.get("content-disposition")?.split("''") ?? [];
  if (name) response = await keep(response, name);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

function swap(id, page) {
  byId(id).replaceWith(document.adoptNode(page.getElementById(id)));
}

// Only what is new is added, so that a screen reader hears the new reply and not the whole log again.
function takeLog(page) {
  const fresh = [...page.getElementById("log").children].filter((turn) => !byId(turn.id));
  for (const turn of [...byId("log").children]) if (!page.getElementById(turn.id)) turn.remove();
  byId("log").append(...fresh);
  return fresh[0];
}

// What stands in the open form stays, unless the server drew the form anew.
function takeForm(page) {
  const number = page.getElementById("open")?.dataset.form;
  if (byId("open")?.dataset.form === number) return false;
  swap("forms", page);
  swap("default", page);
  swap("ways", page);
  for (const button of document.querySelectorAll(".choice")) {
    const drawn = page.querySelector(`.choice[value="${button.value}"]`);
    for (const name of ["form", "formaction"]) {
      if (drawn?.hasAttribute(name)) button.setAttribute(name, drawn.getAttribute(name));
      else button.removeAttribute(name);
    }
  }
  return Boolean(number);
}

function takeAsk(page, sent) {
  const typed = byId("ask-text").value;
  const draft = page.getElementById("ask-text").value;
  document.querySelector("#ask [name=token]").value = token(page);
  if (byId("dock").className !== page.getElementById("dock").className) swap("dock", page);
  byId("ask-text").value = typed === sent ? draft : typed;
}

function take(page, sent) {
  const anew = token(page) !== token(document);
  if (anew) {
    byId("log").replaceChildren();
    byId("forms").replaceChildren();
    swap("who", page);
  }
  const turn = takeLog(page);
  const opened = takeForm(page);
  takeAsk(page, sent);
  swap("trouble", page);
  document.title = page.title;
  return byId("trouble-box") ?? (opened ? byId("problems") : null) ?? turn ?? byId("answers-title") ?? byId("ask-text");
}

// With a real keyboard the next question can follow at once; on a phone the keys would cover the reply.
function move(target, asked) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
  const stay = asked && target.classList.contains("exchange") && matchMedia("(pointer: fine)").matches;
  (stay ? byId("ask-text") : target).focus({ preventScroll: true });
}

async function send(form, button) {
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.append(button.name, button.value);
  const asked = address.startsWith("/say");
  const waiting = setTimeout(() => status(byId("status").dataset.sending), 400);
  const page = await post(address, body).catch(() => null);
  clearTimeout(waiting);
  status("");
  if (page?.getElementById("log")) move(take(page, asked ? body.get("text") : null), asked);
  else status(page?.getElementById("sentence")?.textContent ?? byId("status").dataset.offline, true);
  greet();
}

function greet() {
  byId("keys").hidden = !matchMedia("(pointer: fine)").matches;
}

document.addEventListener("submit", (event) => {
  // What leads to another page is left to the browser.
  if (event.target.matches("[data-plain]") || event.submitter?.matches("[data-plain]")) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  send(event.target, event.submitter).finally(() => (busy = false));
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "ask-text" || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("ask-send").click();
});

greet();
const newest = byId("log").lastElementChild;
if (byId("trouble-box")) byId("trouble-box").focus();
else if (!location.hash && newest !== byId("log").firstElementChild) newest.scrollIntoView();
