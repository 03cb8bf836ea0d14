// Bundles scripts and styles into console/ui/static/build, with hashed names and a manifest; the
// service worker last, since it knows all the others by name.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "static", "build");
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const manifest = {};

const scripts = await build({
  entryPoints: [join(here, "src", "main.ts")],
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: false,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  outdir: out,
  metafile: true,
  legalComments: "none",
});
for (const [file, made] of Object.entries(scripts.metafile.outputs)) {
  if (made.entryPoint?.endsWith("src/main.ts")) manifest["main.js"] = basename(file);
}

const sheets = (await readdir(join(here, "styles"))).filter((name) => name.endsWith(".css")).sort();
const order = ["tokens.css", "base.css", ...sheets.filter((name) => !["tokens.css", "base.css"].includes(name))];
const css = await build({
  stdin: { contents: order.map((name) => `@import "./${name}";`).join("\n"), resolveDir: join(here, "styles"), loader: "css" },
  bundle: true,
  minify: true,
  write: false,
  target: "chrome110",
});
await keep("main.css", css.outputFiles[0].contents);
for (const name of await readdir(join(here, "pictures"))) await keep(name, await readFile(join(here, "pictures", name)));
const files = (await readdir(out)).filter((name) => /\.(js|css|svg)$/.test(name)).sort();
const worker = await build({
  entryPoints: [join(here, "worker", "worker.ts")],
  bundle: true,
  format: "iife",
  target: "es2022",
  minify: true,
  write: false,
  define: { FILES: JSON.stringify(files.map((name) => `/static/${name}`)) },
});
await keep("worker.js", worker.outputFiles[0].contents);
await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));

async function keep(name, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 8).toUpperCase();
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  manifest[name] = hashed;
  await writeFile(join(out, hashed), contents);
}
