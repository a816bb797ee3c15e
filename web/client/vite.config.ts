// Builds the pages, each its own entry, with nothing inline so that the strict CSP holds.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { readPo } from "./scripts/po.mjs";

const pages = ["index", "visitor", "terminal", "officer", "office", "policies"];
const server = process.env["VISITATION_SERVER"] ?? "http://localhost:8080";

/** Words a page needs before any script runs stand in the HTML as `%fi:door.old_browser%`. */
function wordsInHtml(): Plugin {
  return {
    name: "words-in-html",
    transformIndexHtml: (html) =>
      html.replaceAll(/%(fi|sv|en):([a-z0-9_.]+)%/g, (_, lang: string, id: string) => word(lang, id)),
  };
}

function word(lang: string, id: string): string {
  const room = id.split(".")[0];
  const found = readPo(readFileSync(`src/i18n/po/${room}/${lang}.po`, "utf8")).get(id);
  if (found === undefined) throw new Error(`${id} is not in ${lang}`);
  return found.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** A cell's screen is slow hardware: its scripts, with its largest language, stay within this. */
const TERMINAL_BUDGET = 110_000;

function budget(): Plugin {
  return {
    name: "terminal-budget",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = new Map(Object.values(bundle).flatMap((file) => (file.type === "chunk" ? [[file.fileName, file]] : [])));
      const wanted = new Set<string>();
      const take = (name: string): void => {
        if (wanted.has(name)) return;
        wanted.add(name);
        for (const next of chunks.get(name)?.imports ?? []) take(next);
      };
      const entry = [...chunks.values()].find((chunk) => chunk.isEntry && chunk.name === "terminal");
      if (entry === undefined) return;
      take(entry.fileName);
      for (const words of entry.dynamicImports) if (chunks.get(words)?.facadeModuleId?.endsWith("/fi.po")) take(words);
      const size = [...wanted].reduce((sum, name) => sum + gzipSync(chunks.get(name)?.code ?? "").length, 0);
      if (size > TERMINAL_BUDGET) this.error(`the terminal's scripts are ${size} bytes (gzip), over ${TERMINAL_BUDGET}`);
      this.info(`the terminal's scripts are ${size} bytes (gzip)`);
    },
  };
}

/** Smaller than gzip's best, in a tenth of the time of brotli's best. */
const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** The server sends a `.br` or `.gz` sibling by itself where the browser takes it. */
function siblings(): Plugin {
  let folder = "";
  return {
    name: "compressed-siblings",
    apply: "build",
    configResolved: ({ build }) => {
      folder = join(build.outDir, build.assetsDir);
    },
    closeBundle: () => {
      if (!existsSync(folder)) return; // the build has failed and says so itself
      for (const name of readdirSync(folder).filter((n) => /\.(js|css|svg)$/.test(n))) {
        const path = join(folder, name);
        if (statSync(path).size < 1024) continue;
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path), QUICK));
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), lingui({ failOnMissing: true, failOnCompileError: true }), wordsInHtml(), budget(), siblings()],
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])) },
  },
  server: {
    proxy: {
      "/api": server,
      "/demo": server,
      "/socket.io": { target: server, ws: true },
    },
  },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx", "scripts/**/*.test.ts"], environment: "node" },
});
