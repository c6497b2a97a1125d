// The published pages in a real browser and before the Nu HTML Checker (make check-web).
//
//     node tests/web/check.mjs PROGRAM SAMPLE_PUBLICATION WORK_FOLDER MODULES
//
// Publishes the sample: its report, the report as a single file, the review, and the list of editions, each in both
// languages. Each page must be valid as XML and as HTML without a warning, ask nothing of another host, fit screens from
// 320 px on, say the same with scripts switched off, show the figure that fits the screen and the colour scheme, and have
// no violation of axe-core's rules, light and dark, wide and narrow. Links inside the site lead somewhere; feeds are Atom.
// Prints one line per failure and, last, "N passed, N failed".
import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const [program, sample, work, modules] = process.argv.slice(2).map((name) => path.resolve(name));
const require = createRequire(path.join(modules, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const vnu = path.join(modules, "node_modules/vnu-jar/build/dist/vnu.jar");

const TYPES = {
  ".xhtml": "application/xhtml+xml", ".html": "text/html", ".css": "text/css", ".svg": "image/svg+xml",
  ".png": "image/png", ".jpg": "image/jpeg", ".pdf": "application/pdf", ".csv": "text/csv",
  ".json": "application/json", ".atom": "application/atom+xml",
};
// Width and height of the screen, the colour scheme, and whether axe-core looks: it takes its time, and what it finds in
// the other scheme are contrasts, which all pages share.
const SCREENS = [[1280, 900, "light", true], [360, 800, "dark", true], [1280, 900, "dark", false], [360, 800, "light", false],
  [320, 640, "light", false], [768, 1024, "dark", false], [1920, 1080, "light", false]];
const LOOKED_AT_IN_ALL = ["2025q1/index.xhtml", "review/index.xhtml"];

let passed = 0;
const failures = [];
function check(name, problems) {
  if (problems.length === 0) {
    passed++;
  } else {
    failures.push(name);
    console.log(`FAILED: ${name}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
}

// ---- publishing ----

function publish() {
  rmSync(work, { recursive: true, force: true });
  cpSync(sample, work, { recursive: true, filter: (name) => !/\/(out|summaries)$/.test(name) });
  // An address of the site, so that the metadata that needs one is there.
  const file = path.join(work, "publication.xml");
  writeFileSync(file, readFileSync(file, "utf8").replace("<ranking", '<web base="https://www.example.jp/report/"/>\n  <ranking'));
  const run = (expected, ...options) => {
    const done = spawnSync(program, ["-C", work, "-q", ...options], { encoding: "utf8" });
    if (done.status !== expected) throw new Error(`teiten ${options.join(" ")}: status ${done.status}: ${done.stderr}`);
  };
  run(0, "report", "2024q4");
  run(0, "report", "2025q1", "--single-file");
  run(1, "diff", "2025q1", "--output", path.join(work, "out/review"));
  run(1, "diff", "2025q1", "--language", "en", "--output", path.join(work, "out/review-en"));
}

const PAGES = ["index.xhtml", "en/index.xhtml", "2024q4/index.xhtml", "2025q1/index.xhtml", "2025q1/en/index.xhtml",
  "2025q1/2025q1.html", "2025q1/en/2025q1.html", "review/index.xhtml", "review-en/index.xhtml"];

// ---- the checker ----

// Errors and warnings; the notes on trailing slashes are how XHTML is written.
function valid(options, files) {
  const done = spawnSync("java", ["-jar", vnu, ...options, "--format", "json", ...files], { encoding: "utf8", maxBuffer: 1 << 26 });
  const messages = JSON.parse(done.stderr).messages
    .filter((message) => message.type !== "info" || message.subType === "warning");
  for (const file of files)
    check(`valid ${path.basename(file)}`, messages
      .filter((message) => !message.url || decodeURIComponent(message.url).endsWith(`/${path.basename(file)}`))
      .map((message) => `line ${message.lastLine}: ${message.message}`));
}

// ---- the browser ----

// The folder out/; `as` overrides the type of pages.
function serve(as) {
  const server = createServer((request, response) => {
    if (request.url === "/favicon.ico") { // asked for by every browser, whatever the page
      response.writeHead(204).end();
      return;
    }
    const name = path.join(work, "out", decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (!existsSync(name)) {
      response.writeHead(404).end();
      return;
    }
    const suffix = path.extname(name);
    response.writeHead(200, { "Content-Type": suffix === ".xhtml" && as ? as : TYPES[suffix] ?? "application/octet-stream" });
    response.end(readFileSync(name));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function open(browser, address, options, problems) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const host = new URL(address).host;
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && new URL(request.url()).host !== host) problems.push(`asks for ${request.url()}`);
  });
  page.on("requestfailed", (request) => problems.push(`misses ${request.url()}`));
  page.on("response", (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
  page.on("console", (message) => message.type() === "error" && problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`page: ${error.message}`));
  await page.goto(address, { waitUntil: "load" });
  return { context, page };
}

// What the drawn figures' files should be called on such a screen.
function figureEnding(width, colorScheme) {
  return `${width <= 512 ? "_phone" : ""}${colorScheme === "dark" ? "_dark" : ""}.svg`;
}

async function look(browser, base, name) {
  for (const [width, height, colorScheme, hasAxe] of SCREENS) {
    const problems = [];
    const { context, page } = await open(browser, base + name, { viewport: { width, height }, colorScheme }, problems);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) problems.push(`${wide} px wider than the screen`);
    const broken = await page.evaluate(() => [...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src.slice(0, 80)));
    for (const image of broken) problems.push(`image not shown: ${image}`);
    if (!name.endsWith(".html")) { // one file has no names inside
      const ending = figureEnding(width, colorScheme);
      const shown = await page.evaluate(() => [...document.querySelectorAll("figure.chart picture img")].map((image) => image.currentSrc));
      for (const file of shown) if (!file.endsWith(ending) || (ending === ".svg" && /_(phone|dark)/.test(file))) problems.push(`shows ${file}`);
    }
    if (hasAxe || (LOOKED_AT_IN_ALL.includes(name) && (width === 360 || width === 1280))) {
      // What is folded away is checked as well.
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of result.violations)
        problems.push(`${violation.id}: ${violation.help}: ${violation.nodes.length} times, first ${violation.nodes[0].target.join(" ")}`);
    }
    check(`${name} at ${width} px, ${colorScheme}`, problems);
    await context.close();
  }
}

// As HTML and as XML, with scripts and without: the same text in the same places.
async function compare(browser, bases, name) {
  const texts = [];
  const problems = [];
  for (const base of bases)
    for (const javaScriptEnabled of [true, false]) {
      const { context, page } = await open(browser, base + name, { javaScriptEnabled }, problems);
      texts.push(await page.locator("body").innerText());
      context.close();
    }
  for (const text of texts.slice(1)) if (text !== texts[0]) problems.push("another text");
  if (texts[0].length < 100) problems.push("hardly any text");
  check(`${name} as HTML and as XML, with scripts and without`, problems);
}

// Every link inside the site.
async function follow(browser, base, name) {
  const problems = [];
  const { context, page } = await open(browser, base + name, {}, problems);
  const links = await page.evaluate(() => [...document.querySelectorAll("a[href], link[href]")].map((link) => link.href));
  const files = new Set(links.filter((link) => link.startsWith(base)).map((link) => decodeURIComponent(new URL(link).pathname)));
  for (const file of files) if (!existsSync(path.join(work, "out", file))) problems.push(`leads to ${file}, which is not there`);
  if (links.length < 3) problems.push("hardly any links");
  check(`${name}: links`, problems);
  await context.close();
}

// From the browser onto paper: light, whatever the screen, and without what is for screens only.
async function print(browser, base, name) {
  const problems = [];
  const { context, page } = await open(browser, base + name, { colorScheme: "dark" }, problems);
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => ({
    paper: getComputedStyle(document.documentElement).backgroundColor,
    left: [...document.querySelectorAll(".screen-only, .skip")].filter((element) => element.getClientRects().length > 0).length,
    dark: [...document.querySelectorAll("figure.chart img")]
      .filter((image) => image.getClientRects().length > 0 && (/_(phone|dark)/.test(image.currentSrc) || !image.complete)).length,
    charts: [...document.querySelectorAll("figure.chart")].filter((figure) => figure.querySelector("img.print-only").getClientRects().length === 1).length,
    all: document.querySelectorAll("figure.chart").length,
  }));
  if (seen.paper !== "rgb(255, 255, 255)") problems.push(`paper is ${seen.paper}`);
  if (seen.left > 0) problems.push(`${seen.left} elements for screens`);
  if (seen.dark > 0) problems.push(`${seen.dark} figures for screens`);
  if (seen.charts !== seen.all) problems.push(`${seen.charts} of ${seen.all} figures`);
  check(`${name}: on paper`, problems);
  await context.close();
}

// The rules of RFC 4287, section 4.1, that a feed of ours can break.
async function feed(browser, base, name) {
  const problems = [];
  const { context, page } = await open(browser, base + "index.xhtml", {}, problems);
  problems.push(...await page.evaluate((text) => {
    const ATOM = "http://www.w3.org/2005/Atom";
    const found = [];
    const root = new DOMParser().parseFromString(text, "application/xml").documentElement;
    const children = (element, tag) => [...element.children].filter((child) => child.namespaceURI === ATOM && child.localName === tag);
    const one = (element, tag) => {
      if (children(element, tag).length !== 1 || children(element, tag)[0].textContent.trim() === "") found.push(`not one ${tag}`);
      return children(element, tag)[0]?.textContent ?? "";
    };
    const date = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
    const links = (element, relation) => children(element, "link").filter((link) => link.getAttribute("rel") === relation);
    if (root.namespaceURI !== ATOM || root.localName !== "feed") found.push("no feed");
    const entries = children(root, "entry");
    if (entries.length === 0) found.push("no entries");
    if (children(root, "author").length !== 1 || children(children(root, "author")[0], "name").length !== 1) found.push("no author");
    if (links(root, "self").length !== 1 || links(root, "alternate").length !== 1) found.push("no link to itself or to the page");
    const ids = [root, ...entries].map((element) => one(element, "id"));
    if (new Set(ids).size !== ids.length || ids.some((id) => !/^[a-z][a-z0-9+.-]*:/.test(id))) found.push(`ids: ${ids}`);
    for (const element of [root, ...entries]) {
      one(element, "title");
      if (!date(one(element, "updated"))) found.push("no date in updated");
    }
    for (const entry of entries) {
      if (links(entry, "alternate").length !== 1) found.push("an entry without its page");
      if (!links(entry, "enclosure").every((link) => Number(link.getAttribute("length")) > 1000)) found.push("an enclosure without its length");
    }
    const newest = entries.map((entry) => one(entry, "updated")).sort().at(-1);
    if (one(root, "updated") !== newest) found.push("updated is not that of the newest entry");
    return found;
  }, readFileSync(path.join(work, "out", name), "utf8")));
  check(name, problems);
  await context.close();
}

publish();
const all = PAGES;
// Each page under both names, by which the checker chooses its parser.
const copies = all.flatMap((name) => ["xhtml", "html"].map((suffix) => {
  const copy = path.join(work, `${name.replaceAll("/", "_")}.as.${suffix}`);
  writeFileSync(copy, readFileSync(path.join(work, "out", name)));
  return copy;
}));
valid([], copies);
valid(["--css"], [path.join(work, "out/style.css")]);
valid(["--svg"], ["1", "2", "3"].map((n) => path.join(work, `out/2025q1/img/2025q1_report_fig${n}.svg`)));
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const asXml = await serve();
const asHtml = await serve("text/html");
const bases = [asXml, asHtml].map((server) => `http://127.0.0.1:${server.address().port}/`);
for (const name of all) {
  await look(browser, bases[0], name);
  await compare(browser, bases, name);
  await follow(browser, bases[0], name);
  if (!name.endsWith(".html")) await print(browser, bases[0], name);
}
for (const name of ["feed.atom", "en/feed.atom"]) await feed(browser, bases[0], name);
await browser.close();
asXml.close();
asHtml.close();
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
