// Where the page's data come from. All views ask a Source and know nothing else of it.
import type { ObjectData, SceneData, TableData } from "./contract.ts";

/** Errors are for people: one line that names what is missing or wrong. */
export interface Source {
  /** The whole table; the first thing a page asks for. */
  table(): Promise<TableData>;
  /** All surfaces in one. */
  scene(): Promise<SceneData>;
  /** Surface and picture of one chosen object. */
  object(id: number): Promise<ObjectData>;
  /** The sprite of an object, decoded: it can be drawn at once. Rejects where the object has none. */
  picture(id: number): Promise<HTMLImageElement>;
  /** The same where it is at hand without waiting. */
  ready(id: number): { object: ObjectData; picture: HTMLImageElement | null } | null;
  /** Has these objects fetched in the background, so that they are at hand when asked for; never fails. */
  prefetch(ids: number[]): void;
}
