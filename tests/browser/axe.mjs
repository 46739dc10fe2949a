// Accessibility of a report, in Chromium with axe-core: `node axe.mjs report.html …`. Exits 1 on any violation.
// The page allows no script (its content policy), so axe is run from outside it: playwright-core evaluates past the policy.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node axe.mjs report.html …   (CHROMIUM: path of the browser, default /usr/bin/chromium)");
  process.exit(2);
}
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
let violations = 0;
try {
  for (const file of files) {
    for (const [width, height] of [[1280, 900], [390, 844]]) {
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      const loud = [];
      page.on("console", (message) => message.type() === "error" && loud.push(message.text()));
      page.on("request", (request) => request.url().startsWith("file:") || loud.push(`asks for ${request.url()}`));
      await page.goto(pathToFileURL(resolve(file)).href);
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) loud.push(`the page is ${wide} px wider than the window`);
      for (const one of found.violations) {
        console.error(`${file} at ${width} px: ${one.id} (${one.impact}): ${one.help}`);
        for (const node of one.nodes) console.error(`    ${node.target.join(" ")}\n        ${node.failureSummary.replaceAll("\n", "\n        ")}`);
      }
      for (const text of loud) console.error(`${file} at ${width} px: ${text}`);
      violations += found.violations.length + loud.length;
      console.log(`${file} at ${width} px: ${found.violations.length} violations, ${found.passes.length} rules passed`);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
process.exit(violations === 0 ? 0 : 1);
