// The published PDF as PDF.js, the reader in Firefox, sees it (make check-pdf).
//
//     node tests/pdf/check.mjs MODULES LANGUAGE REPORT.pdf INDEX.xhtml
//
// Language, title, labels of pages, outline, alternative texts, tables, links and reading order must be those of the
// page, which is the same document. Prints one line per failure and, last, "N passed, N failed".
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const [modules, language, pdf, page] = process.argv.slice(2);
const require = createRequire(path.resolve(modules, "package.json"));
console.warn = console.log = ((log) => (...words) => /polyfill/.test(words[0]) || log(...words))(console.log);
const { getDocument } = require("pdfjs-dist/legacy/build/pdf.js");

let passed = 0, failed = 0;
function expect(what, actual, expected = true) {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a === b) passed++;
  else failed++, console.log(`FAILED: ${what}: ${a}, expected ${b}`);
}

// ---- the page: our own canonical XHTML, so patterns are enough ----

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"' };
const plain = (xhtml) => xhtml.replace(/<[^>]*>/g, "").replace(/&(\w+);/g, (_, name) => ENTITIES[name]).replace(/\s+/g, " ").trim();
// White space depends on the layout; hyphens stand at the ends of lines.
const dense = (text) => text.replace(/[\s\u3000\u00AD-]/g, "");
const without = (xhtml, tag) => xhtml.replace(new RegExp(`<${tag}[ >][\\s\\S]*?</${tag}>`, "g"), "");
let xhtml = readFileSync(page, "utf8");
xhtml = without(without(xhtml.slice(xhtml.indexOf("<body")), "nav"), "details");
xhtml = xhtml.replace(/<(ul|ol|p|div|span|a) [^>]*class="[^"]*screen-only[^"]*"[\s\S]*?<\/\1>/g, "");
xhtml = xhtml.replace(/<section id="notes"[\s\S]*?<\/section>/, "");
const all = (pattern) => [...xhtml.matchAll(pattern)].map((match) => plain(match[match.length - 1]));

// ---- the document ----

const file = await getDocument({ data: new Uint8Array(readFileSync(pdf)), isEvalSupported: false, verbosity: 0 }).promise;
const { info, metadata } = await file.getMetadata();
expect("language", info.Language, language);
expect("title", info.Title, metadata.get("dc:title"));
expect("language in XMP", metadata.get("dc:language"), language);
expect("marked", (await file.getMarkInfo()).Marked);
expect("labels of pages", await file.getPageLabels(), Array.from({ length: file.numPages }, (_, i) => String(i + 1)));

const titles = [];
const walkOutline = (items) => items.forEach((item) => (titles.push(dense(item.title)), walkOutline(item.items)));
walkOutline(await file.getOutline());
expect("outline", titles, all(/<h([23])(?: [^>]*)?>([\s\S]*?)<\/h\1>/g).map(dense));

// ---- the tree, page by page: roles and text in reading order ----

const roles = {}, alternatives = [], texts = [];
let links = 0;
for (let number = 1; number <= file.numPages; number++) {
  const sheet = await file.getPage(number);
  const marked = {};
  let open = [];
  for (const item of (await sheet.getTextContent({ includeMarkedContent: true })).items) {
    if (item.type === "endMarkedContent") open.pop();
    else if (item.type !== undefined) open.push(item.id ?? open.at(-1));
    else if (open.at(-1) !== undefined) marked[open.at(-1)] = (marked[open.at(-1)] ?? "") + item.str;
  }
  const seen = new Set();
  const walk = (node) => {
    if (node.type === "content") {
      seen.add(node.id);
      texts.push(marked[node.id] ?? "");
    } else if (node.role !== undefined) {
      roles[node.role] = (roles[node.role] ?? 0) + 1;
      if (node.alt !== undefined) alternatives.push(node.alt);
    }
    (node.children ?? []).forEach(walk);
  };
  walk(await sheet.getStructTree());
  expect(`page ${number}: all marked text is in the tree`, Object.keys(marked).filter((id) => !seen.has(id)), []);
  for (const annotation of await sheet.getAnnotations()) {
    links++;
    const where = annotation.dest === undefined || (await file.getDestination(annotation.dest)) !== null;
    expect(`page ${number}: link ${annotation.contentsObj.str}`, where && annotation.contentsObj.str !== "");
  }
}
const read = dense(texts.join(""));
expect("alternative texts", alternatives, [...xhtml.matchAll(/<img [^>]*?alt="([^"]+)"/g)].map((match) => plain(match[1])));
// Of a block that goes on on the next page, two parts are found: notes and figures stand between them.
function found(text) {
  let length = text.length;
  while (length > 0 && !read.includes(text.slice(0, length))) length--;
  return length === text.length || (length > 20 && read.includes(text.slice(length)));
}
for (const element of ["caption", "figcaption", "h1", "h2", "h3", "td", "th", "li", "p"]) {
  const pattern = new RegExp(`<${element}(?: (?![^>]*screen-only)[^>]*)?>([\\s\\S]*?)</${element}>`, "g");
  // A block within another is looked for by itself; a note's mark and text stand elsewhere.
  const blocks = all(pattern).map(dense).filter((text) => text !== "");
  expect(`text of <${element}>`, blocks.filter((text) => !found(text)), []);
  expect(`there are <${element}>`, blocks.length > 0);
}
expect("tables", roles.Table >= (xhtml.match(/<table/g) ?? []).length);
expect("notes", roles.Note >= 1);
expect("links", links > 5);
expect("no radicals in the place of ideographs", /[\u2E80-\u2FDF]/.test(read), false);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
