// What a person decided: a verdict for each object, places of missed synapses; every change can be undone.
import type { Zyx } from "../source/contract.ts";

export const verdicts = ["accept", "reject", "unsure"] as const;
export type Verdict = (typeof verdicts)[number];

interface Change {
  id: number;
  before: Verdict | null;
  after: Verdict | null;
}

/** One thing a person did, to be undone as one. */
export interface Step {
  /** What was done, for the line that tells of it: "accepted 17". */
  words: string;
  changes: Change[];
  missedBefore: Zyx[];
  missedAfter: Zyx[];
}

export interface Decided {
  decisions: Map<number, Verdict>;
  missed: Zyx[];
}

const done: Record<Verdict, string> = { accept: "accepted", reject: "rejected", unsure: "unsure of" };

export class Decisions {
  private readonly verdictOf = new Map<number, Verdict>();
  private places: Zyx[] = [];
  private past: Step[] = [];
  private future: Step[] = [];
  private readonly listeners: ((ids: number[]) => void)[] = [];

  get(id: number): Verdict | null {
    return this.verdictOf.get(id) ?? null;
  }

  get all(): ReadonlyMap<number, Verdict> {
    return this.verdictOf;
  }

  get missed(): readonly Zyx[] {
    return this.places;
  }

  /** Calls back after each change with the ids whose verdicts changed. */
  onChange(listener: (ids: number[]) => void): void {
    this.listeners.push(listener);
  }

  /**
   * One verdict (or none) for these objects. What they had already is no change; with no change nothing is to
   * be undone.
   */
  judge(ids: readonly number[], verdict: Verdict | null): void {
    const changes = ids
      .map((id) => ({ id, before: this.get(id), after: verdict }))
      .filter((change) => change.before !== change.after);
    if (changes.length === 0) return;
    const whom = changes.length === 1 ? String(changes[0]!.id) : `${changes.length} objects`;
    this.do({ words: `${verdict ? done[verdict] : "cleared"} ${whom}`, changes, ...this.sameMissed() });
  }

  mark(place: Zyx): void {
    const words = `marked a missed synapse at ${place.join(", ")}`;
    this.do({ words, changes: [], missedBefore: this.places, missedAfter: [...this.places, place] });
  }

  unmark(index: number): void {
    const after = this.places.filter((_, i) => i !== index);
    this.do({ words: "removed a mark", changes: [], missedBefore: this.places, missedAfter: after });
  }

  /** Everything by what a file holds, as one step. */
  replace(decided: Decided, words: string): void {
    const ids = new Set([...this.verdictOf.keys(), ...decided.decisions.keys()]);
    const changes = [...ids]
      .map((id) => ({ id, before: this.get(id), after: decided.decisions.get(id) ?? null }))
      .filter((change) => change.before !== change.after);
    this.do({ words, changes, missedBefore: this.places, missedAfter: decided.missed });
  }

  /** Takes up what was saved before: nothing of it is to be undone, nor is what was done so far. */
  restore(decided: Decided): void {
    const ids = new Set([...this.verdictOf.keys(), ...decided.decisions.keys()]);
    this.verdictOf.clear();
    for (const [id, verdict] of decided.decisions) this.verdictOf.set(id, verdict);
    this.places = decided.missed;
    this.past = [];
    this.future = [];
    this.tell([...ids]);
  }

  undo(): Step | null {
    const step = this.past.pop();
    if (!step) return null;
    this.future.push(step);
    this.put(
      step.changes.map(({ id, before }) => [id, before]),
      step.missedBefore,
    );
    return step;
  }

  redo(): Step | null {
    const step = this.future.pop();
    if (!step) return null;
    this.past.push(step);
    this.put(
      step.changes.map(({ id, after }) => [id, after]),
      step.missedAfter,
    );
    return step;
  }

  private sameMissed(): { missedBefore: Zyx[]; missedAfter: Zyx[] } {
    return { missedBefore: this.places, missedAfter: this.places };
  }

  private do(step: Step): void {
    this.future = [step];
    this.redo();
  }

  private put(changes: [number, Verdict | null][], missed: Zyx[]): void {
    for (const [id, verdict] of changes) {
      if (verdict) this.verdictOf.set(id, verdict);
      else this.verdictOf.delete(id);
    }
    this.places = missed;
    this.tell(changes.map(([id]) => id));
  }

  private tell(ids: number[]): void {
    for (const listener of this.listeners) listener(ids);
  }
}

/** The verdict that a click on a tile gives next. */
export function nextVerdict(verdict: Verdict | null): Verdict | null {
  const order: (Verdict | null)[] = [null, ...verdicts];
  return order[(order.indexOf(verdict) + 1) % order.length]!;
}
