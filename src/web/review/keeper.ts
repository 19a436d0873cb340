// Keeps what was decided in the browser, so that it is there when the page is opened again.
//
// All pages opened from disk share one store, so it is kept under the table's checksum. A browser may refuse to
// store, or may be full: the page says so, and nothing is lost as long as it stays open.
import type { Rows } from "../source/rows.ts";
import type { Decided, Decisions } from "./decisions.ts";
import { readReview, writeReview } from "./review_file.ts";

export type Kept = "saved" | "nothing yet" | "refused";

export class Keeper {
  state: Kept = "nothing yet";
  private readonly key: string;

  constructor(
    private readonly rows: Rows,
    private readonly decisions: Decisions,
    private readonly store: () => Storage,
  ) {
    this.key = `cleft-review-${rows.table.run.table}`;
  }

  /** Takes up what was kept; from then on each change is kept. \returns what was wrong with it, or nothing. */
  start(told: () => void): string {
    const problem = this.takeUp();
    this.decisions.onChange(() => {
      this.save();
      told();
    });
    return problem;
  }

  /** Whether an event of the store, which comes when another page wrote, is about this run. */
  concerns(event: StorageEvent): boolean {
    return event.key === this.key && event.newValue !== null;
  }

  takeUp(): string {
    let text: string | null;
    try {
      text = this.store().getItem(this.key);
    } catch {
      this.state = "refused";
      return "";
    }
    if (text === null) return "";
    let kept: Decided;
    try {
      kept = readReview(text, this.rows);
    } catch (error) {
      return `What was kept of an earlier review cannot be read: ${(error as Error).message}`;
    }
    this.decisions.restore(kept);
    this.state = "saved";
    return "";
  }

  private save(): void {
    try {
      this.store().setItem(
        this.key,
        writeReview(this.rows, { decisions: this.decisions.all, missed: this.decisions.missed }),
      );
      this.state = "saved";
    } catch {
      this.state = "refused";
    }
  }
}
