// What was chosen for a form, kept in this browser until the form has left: over a new load of the page, or a telephone
// that closed it for the camera, files that had arrived are named again and the others go on. A page holds what is its
// own by a lock, so that a second tab does not take it. A browser without locks or room keeps nothing.

const LIFE = 24 * 3600 * 1000; // milliseconds; the bucket keeps what no case names for two days
const FLAG = "files"; // that there is something at all, so that a page need not load this to see
const works = Boolean(navigator.locks && window.indexedDB);
const lockOf = (page) => `files ${page}`;
const page = works ? crypto.randomUUID() : "";
let opened;
let holds = false;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("suda", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("files", { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function ask(how, act) {
  const work = (await database()).transaction("files", how);
  const asked = act(work.objectStore("files"));
  return new Promise((resolve, reject) => {
    work.oncomplete = () => resolve(asked.result);
    work.onabort = work.onerror = () => reject(work.error);
  });
}

// Held until the page is gone, whatever ends it.
function hold() {
  if (!holds) navigator.locks.request(lockOf(page), () => new Promise(() => {}));
  holds = true;
}

export function keeper(form) {
  const place = new URL(form.action).pathname;
  const field = form.elements.namedItem("files_key"); // a report's files belong to its key, a case's to the case
  const mine = new Map();
  const quietly = async (work) => {
    try {
      return works ? await work() : undefined;
    } catch {
      return undefined; // no room, or a browser that keeps nothing: it goes on without
    }
  };
  const put = (record) => quietly(async () => {
    hold();
    record.id ??= crypto.randomUUID();
    mine.set(record.id, record);
    const { heard, source, ...bare } = record;
    await ask("readwrite", (store) => store.put({ ...bare, place, page, key: field?.value, at: Date.now() }));
    localStorage.setItem(FLAG, "kept");
  });
  const forget = (record) => quietly(async () => {
    if (!record.id) return;
    mine.delete(record.id);
    await ask("readwrite", (store) => store.delete(record.id));
  });

  async function isOver(record) {
    if (Date.now() - record.at > LIFE) return true;
    return navigator.locks.request(lockOf(record.page), { ifAvailable: true }, (lock) => (lock ? "" : "held"));
  }

  // Those of this form that no other page holds: names that the form has already, and others that still have their bytes.
  async function found(named) {
    const all = await ask("readonly", (store) => store.getAll());
    const here = [];
    for (const record of all.filter((one) => one.page !== page)) {
      const over = await isOver(record);
      if (over === "held") continue;
      if (over || (record.place === place && named.includes(record.file))) await forget(record);
      else if (record.place === place) here.push(record);
    }
    if (!all.length) localStorage.removeItem(FLAG);
    here.sort((one, other) => one.at - other.at);
    const key = here.at(-1)?.key;
    if (field && key && !named.length) field.value = key; // what has arrived belongs to it
    const usable = [];
    for (const record of here) {
      const isOfForm = !field || record.key === field.value;
      if (!isOfForm) delete record.ticket;
      if (isOfForm || record.body) usable.push(record);
      await (isOfForm || record.body ? put : forget)(record);
    }
    return usable;
  }

  return {
    works,
    get key() {
      return field?.value;
    },
    put,
    forget,
    found: async (named) => (await quietly(() => found(named))) ?? [],
    // The form has left: the page that answers has the names, and a browser that goes back has its fields.
    left: () => quietly(() => Promise.all([...mine.values()].map(forget))),
  };
}
