// What views have in common besides the session, and what is not worth an address: how pictures are shown.
export interface Shared {
  outline: boolean;
  /** When a key was pressed last (performance.now()): three-dimensional drawing waits a little after it. */
  lastKey: number;
}
