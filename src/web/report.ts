// The page of `cleft report`, opened from disk.
import { DiskSource } from "./source/disk.ts";
import { Rows } from "./source/rows.ts";
import { Keeper } from "./review/keeper.ts";
import { Session } from "./review/session.ts";
import { App } from "./view/app.ts";
import { ask, el } from "./view/dom.ts";

async function start(): Promise<void> {
  const source = new DiskSource(document);
  const session = new Session(new Rows(await source.table()), ask);
  const keeper = new Keeper(session.rows, session.decisions, () => window.localStorage);
  const overview = document.getElementById("overview") ?? el("section");
  const app = new App(session, source, keeper, overview);
  document.getElementById("static")?.remove();
  document.getElementById("app")!.replaceChildren(app.root);
  document.body.classList.add("judging");
  const problem = keeper.start(() => app.keeperSays(""));
  app.start(location.hash.slice(1));
  app.keeperSays(problem);
  app.watchOtherPages();
  document.documentElement.dataset["ready"] = "yes";
  performance.mark("ready"); // for tests/bench/page.mjs
}

// What is wrong with the data is said on the page, above what stands there without a script.
start().catch((error: Error) => {
  document.getElementById("app")?.replaceChildren(el("p", { class: "broken", role: "alert" }, error.message));
  document.documentElement.dataset["ready"] = "broken";
});
