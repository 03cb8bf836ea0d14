// The service worker: keeps the scripts, styles and pictures of this build and one page that says that
// there is no network. Pages and customers' data are never kept. Whatever changes in the build changes
// FILES, so the browser takes the new worker, which throws the old files away.

export {}; // a module: its own `self`

declare const self: ServiceWorkerGlobalScope;
declare const FILES: string[]; // put in by the build

const OFFLINE = "/offline";
const PREFIX = "pbxd-";
const CACHE = `${PREFIX}${named(FILES.join())}`;

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(offline));
  else if (FILES.includes(url.pathname)) event.respondWith(kept(request));
});

// A page says in which language it is: the page without a network follows.
self.addEventListener("message", (event) => {
  const { language } = event.data as { language?: string };
  if (language) event.waitUntil(follow(language));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES);
  await keepOffline(cache);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function follow(language: string): Promise<void> {
  const cache = await caches.open(CACHE);
  const known = await cache.match(OFFLINE);
  if (known?.headers.get("Content-Language") === language) return;
  await keepOffline(cache).catch(() => undefined); // no network now: the next page asks again
}

async function keepOffline(cache: Cache): Promise<void> {
  const page = await fetch(OFFLINE, { cache: "no-store" });
  if (!page.ok) throw new Error(`${OFFLINE}: ${page.status}`);
  await cache.put(OFFLINE, page);
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function offline(): Promise<Response> {
  return (await caches.match(OFFLINE)) ?? Response.error();
}

function named(text: string): string {
  let sum = 0;
  for (const char of text) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) >>> 0;
  return sum.toString(36);
}
