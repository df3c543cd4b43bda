// What a phone keeps, until the unit says that it is there: sealed answers, what was begun, and the
// unit's public keys. No name, no case, no answer that can be read.
const STORES = { begun: "id", waiting: "id", sent: ["start", "item"], kept: "name" };

function asked(request) {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

export async function open() {
  const request = indexedDB.open("phone", 1);
  request.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) {
      request.result.createObjectStore(name, { keyPath });
    }
  };
  const database = await asked(request);

  // One step: all of it is kept, or nothing.
  function step(mode, work) {
    return new Promise((done, failed) => {
      const all = database.transaction(Object.keys(STORES), mode, { durability: "strict" });
      let result;
      all.oncomplete = () => done(result);
      all.onerror = all.onabort = () => failed(all.error);
      Promise.resolve(work((name) => all.objectStore(name))).then(
        (found) => {
          result = found;
        },
        () => all.abort(),
      );
    });
  }

  return {
    all: (name) => step("readonly", (store) => asked(store(name).getAll())),
    get: (name, key) => step("readonly", (store) => asked(store(name).get(key))),
    put: (name, row) => step("readwrite", (store) => asked(store(name).put(row))),
    change: (id, change) =>
      step("readwrite", async (store) => {
        const row = await asked(store("begun").get(id));
        if (row) {
          change(row);
          await asked(store("begun").put(row));
        }
        return row;
      }),
    // The number of an answer is taken with the answer, so that no two have the same.
    number: (id) =>
      step("readwrite", async (store) => {
        const row = await asked(store("begun").get(id));
        row.order += 1;
        await asked(store("begun").put(row));
        return row.order;
      }),
    answer: (row) =>
      step("readwrite", async (store) => {
        const begun = await asked(store("begun").get(row.start));
        begun.count += 1;
        await asked(store("begun").put(begun));
        await asked(store("waiting").put(row));
      }),
    arrived: (row) =>
      step("readwrite", async (store) => {
        await asked(store("waiting").delete(row.id));
        await asked(store("sent").put({ start: row.start, item: row.item }));
      }),
    over: (id) =>
      step("readwrite", async (store) => {
        for (const row of await asked(store("sent").getAll())) {
          if (row.start === id) {
            await asked(store("sent").delete([row.start, row.item]));
          }
        }
        await asked(store("begun").delete(id));
      }),
  };
}
