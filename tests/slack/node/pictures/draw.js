// Reads {name: message blocks or view} as JSON, writes {name: a page of HTML}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { createElement } = require("react");
const { renderToStaticMarkup } = require("react-dom/server");
const { Message } = require("slack-blocks-to-jsx");

const css = readFileSync(require.resolve("slack-blocks-to-jsx/dist/style.css"), "utf8");
const fonts = [...[400, 700, 900].map((weight) => `@fontsource/lato/${weight}.css`), "twemoji-colr-font/twemoji.css"].map(inlined).join("\n");
const logo = data("image/svg+xml", readFileSync(new URL("../../../../bot/channels/web/static/icon.svg", import.meta.url)));

// Nothing is fetched: a font travels in its page.
function inlined(file) {
  const path = require.resolve(file);
  const face = (_, name) => `url(${data("font/woff2", readFileSync(new URL(name, `file://${path}`)))})`;
  return readFileSync(path, "utf8").replace(/url\("?([^)"]+\.woff2)"?\)/g, face).replace(/, url\([^)]+\.woff\)[^;]*/g, "");
}

function data(type, bytes) {
  return `data:${type};base64,${bytes.toString("base64")}`;
}
const chrome = `
  body { margin: 0; padding: 16px; background: #fff; font-size: 15px; line-height: 1.46; color: #1d1c1d }
  body, #shot * { font-family: Lato, Twemoji, sans-serif !important }
  #shot { width: 560px; padding: 8px }
  .slack_blocks_to_jsx__rich_text_section_element { display: block !important }
  .window { border: 1px solid #ddd; border-radius: 8px; box-shadow: 0 4px 16px #0002 }
  .bar, .foot { display: flex; align-items: center; padding: 14px 22px }
  .bar { border-bottom: 1px solid #ddd; font-size: 20px; font-weight: 900 }
  .foot { border-top: 1px solid #ddd; justify-content: flex-end; gap: 10px }
  .foot > span { border: 1px solid #bbb; border-radius: 4px; padding: 6px 14px; font-weight: 700 }
  .foot > .submit { background: #007a5a; border-color: #007a5a; color: #fff }
  .inside { padding: 8px 22px }`;

const text = (held) => renderToStaticMarkup(createElement("bdi", null, held.text));
const blocks = (held, more = {}) => {
  const drawn = renderToStaticMarkup(createElement(Message, { blocks: held, name: "Signpost", logo, theme: "light", ...more }));
  // The library draws every input as a large one, and under each a sentence that Slack does not have.
  const inputs = held.filter((block) => block.element?.type === "plain_text_input").map((block) => block.element.multiline);
  const sized = (found) => (inputs.shift() ? found : "max-height:200px;min-height:38px;height:38px");
  return drawn.replaceAll("<p>↵ Please &#x27;enter&#x27; to submit</p>", "").replaceAll("max-height:200px;min-height:80px;height:100px", sized);
};

function drawn(held) {
  if (Array.isArray(held)) return blocks(held, { time: new Date("2026-11-23T09:00:00Z") });
  const bar = held.title ? `<div class="bar">${text(held.title)}</div>` : "";
  const submit = held.submit ? `<span class="submit">${text(held.submit)}</span>` : "";
  const close = held.close ? `<span>${text(held.close)}</span>` : "";
  const foot = held.type === "modal" ? `<div class="foot">${close}${submit}</div>` : "";
  return `<div class="window">${bar}<div class="inside">${blocks(held.blocks, { withoutWrapper: true })}</div>${foot}</div>`;
}

const pages = JSON.parse(readFileSync(0, "utf8"));
const html = (held) =>
  `<!doctype html><meta charset="utf-8"><style>${fonts}${css}${chrome}</style><div id="shot">${drawn(held)}</div>`;
process.stdout.write(JSON.stringify(Object.fromEntries(Object.entries(pages).map(([name, held]) => [name, html(held)]))));
