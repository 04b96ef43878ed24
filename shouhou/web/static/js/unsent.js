// Photos that were chosen and not sent yet, kept in this browser: a session that ended, a page loaded again or a telephone that
// put the page to sleep does not lose them. They belong to who chose them and to the address that they are for; another user
// and signing out forget them, and so does a day.

const DAY = 24 * 60 * 60 * 1000;
const user = document.body?.dataset.user ?? "";

// Where the browser keeps nothing (a private window of some), photos live as long as their page: no error, only less.
const opened = new Promise((done) => {
  if (!user || !("indexedDB" in window)) return done(null);
  const request = indexedDB.open("unsent", 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore("photos", { keyPath: "key" }));
  request.addEventListener("success", () => done(request.result));
  request.addEventListener("error", () => done(null));
});

async function inStore(mode, act) {
  const database = await opened;
  if (!database) return undefined;
  return new Promise((done) => {
    const transaction = database.transaction("photos", mode);
    const asked = act(transaction.objectStore("photos"));
    transaction.addEventListener("complete", () => done(asked?.result));
    for (const name of ["abort", "error"]) transaction.addEventListener(name, () => done(undefined));
  });
}

// A file is kept as it is: what the browser stores is a copy.
export const keep = ({ key, file, name, from }, address) =>
  inStore("readwrite", (store) => store.put({ key, file, name, from, address, user, at: Date.now() }));

export const forget = ({ key }) => inStore("readwrite", (store) => store.delete(key));

export async function keptFor(address) {
  const all = (await inStore("readonly", (store) => store.getAll())) ?? [];
  const own = (one) => one.user === user && Date.now() - one.at < DAY;
  await Promise.all(all.filter((one) => !own(one)).map(forget));
  return all.filter((one) => own(one) && one.address === address).sort((one, other) => one.at - other.at);
}

if (user) keptFor(""); // whatever is somebody else's goes, on any page
document.addEventListener("submit", ({ target }) => {
  if ("signOut" in target.dataset) inStore("readwrite", (store) => store.clear());
});
