// Keeps the phone's page, its style, its scripts and the questions, so that it opens without a line.
// KEPT, the list of these, stands before this script; nothing else is ever kept.
const NAME = "phone";

async function fetched(path) {
  const answer = await fetch(path, { cache: "reload" });
  if (!answer.ok || answer.redirected) {
    throw new Error("not kept");
  }
  await (await caches.open(NAME)).put(path, answer.clone());
  return answer;
}

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(KEPT.map(fetched)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      for (const request of await cache.keys()) {
        if (!KEPT.includes(new URL(request.url).pathname)) {
          await cache.delete(request);
        }
      }
      await self.clients.claim();
    })(),
  );
});

// What is kept is given at once, and looked for anew for the next time.
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || !KEPT.includes(path)) {
    return;
  }
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(NAME)).match(path);
      const anew = fetched(path);
      if (!kept) {
        return anew;
      }
      event.waitUntil(anew.catch(() => {}));
      return kept;
    })(),
  );
});
