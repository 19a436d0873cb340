// The table as the page asks for it: by id, by column, by place.
import type { Column, TableData, Value, Zyx } from "./contract.ts";

const needed = ["id", "size_voxels", "decisive_ratio"];

export class Rows {
  readonly count: number;
  readonly ids: number[];
  readonly columns: Column[];
  private readonly byName = new Map<string, Column>();
  private readonly rowOfId = new Map<number, number>();
  private readonly pictured: Set<number>;

  /** \throws Error, in one line, where these data are no table of this version. */
  constructor(readonly table: TableData) {
    check(table);
    this.count = table.count;
    this.columns = table.columns;
    for (const column of table.columns) this.byName.set(column.name, column);
    this.ids = this.column("id")!.values as number[];
    this.ids.forEach((id, row) => this.rowOfId.set(id, row));
    this.pictured = new Set(table.pictures.chosen);
  }

  column(name: string): Column | undefined {
    return this.byName.get(name);
  }

  value(name: string, row: number): Value {
    return this.byName.get(name)?.values[row] ?? null;
  }

  number(name: string, row: number): number {
    const value = this.value(name, row);
    return typeof value === "number" ? value : NaN;
  }

  row(id: number): number | undefined {
    return this.rowOfId.get(id);
  }

  hasPicture(id: number): boolean {
    return this.pictured.has(id);
  }

  /** Rows whose bounding box holds the voxel; where there are none, the row whose centroid is nearest in nm. */
  at(place: Zyx): { rows: number[]; inside: boolean } {
    const inside: number[] = [];
    let nearest = -1;
    let best = Infinity;
    for (let row = 0; row < this.count; ++row) {
      if (this.boxHolds(row, place)) inside.push(row);
      const distance = this.squaredDistance(row, place);
      if (distance < best) [best, nearest] = [distance, row];
    }
    if (inside.length > 0) return { rows: inside, inside: true };
    return { rows: nearest < 0 ? [] : [nearest], inside: false };
  }

  private boxHolds(row: number, place: Zyx): boolean {
    return axes.every(
      (axis, i) => this.number(`begin_${axis}`, row) <= place[i]! && place[i]! < this.number(`end_${axis}`, row),
    );
  }

  private squaredDistance(row: number, place: Zyx): number {
    let sum = 0;
    axes.forEach((axis, i) => {
      const apart = this.number(`centroid_${axis}_voxels`, row) - place[i]!;
      sum += (apart * this.table.volume.voxel_size_nm[i]!) ** 2;
    });
    return sum;
  }
}

const axes = ["z", "y", "x"] as const;

function check(table: TableData): void {
  if (table.format !== "cleft report") throw new Error("data/table.js is no table of a cleft report");
  if (table.version !== 1) {
    throw new Error(`data/table.js has version ${String(table.version)}, and this page reads version 1`);
  }
  for (const name of needed) {
    if (!table.columns.some((column) => column.name === name)) throw new Error(`data/table.js has no column ${name}`);
  }
  for (const column of table.columns) {
    if (column.values.length !== table.count) {
      throw new Error(`data/table.js: ${column.name} has ${column.values.length} values for ${table.count} rows`);
    }
  }
}
