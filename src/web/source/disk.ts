// A report opened from disk. A page from disk may not fetch: data are classic scripts, each of which calls
// cleft.load once.
import type { ObjectData, SceneData, TableData } from "./contract.ts";
import { RecentlyUsed } from "./recently_used.ts";
import type { Source } from "./source.ts";

type Kind = "table" | "scene" | "object";

declare global {
  interface Window {
    cleft: { load: (kind: Kind, data: unknown) => void };
  }
}

/** Objects kept at hand: some screens of the grid. A sprite of five sections takes about 1 MB decoded. */
const keptObjects = 150;

export class DiskSource implements Source {
  private readonly arrived = new Map<string, unknown>();
  private readonly objects = new RecentlyUsed<number, Promise<ObjectData>>(keptObjects);
  private readonly pictures = new RecentlyUsed<number, Promise<HTMLImageElement>>(keptObjects);
  private readonly readyObjects = new RecentlyUsed<number, ObjectData>(keptObjects);
  private readonly readyPictures = new RecentlyUsed<number, HTMLImageElement>(keptObjects);

  constructor(private readonly page: Document) {
    window.cleft = { load: (kind, data) => this.arrived.set(nameOf(kind, data), data) };
  }

  table(): Promise<TableData> {
    return this.script<TableData>("data/table.js", "table");
  }

  scene(): Promise<SceneData> {
    return this.script<SceneData>("data/scene.js", "scene");
  }

  object(id: number): Promise<ObjectData> {
    return this.objects.get(id) ?? this.keep(this.objects, id, this.loadObject(id));
  }

  picture(id: number): Promise<HTMLImageElement> {
    return this.pictures.get(id) ?? this.keep(this.pictures, id, this.loadPicture(id));
  }

  ready(id: number): { object: ObjectData; picture: HTMLImageElement | null } | null {
    const object = this.readyObjects.get(id);
    const picture = this.readyPictures.get(id) ?? null;
    return object && (picture || !object.picture) ? { object, picture } : null;
  }

  prefetch(ids: number[]): void {
    for (const id of ids) this.picture(id).catch(() => undefined);
  }

  private async loadObject(id: number): Promise<ObjectData> {
    const data = await this.script<ObjectData>(`data/meshes/${id}.js`, `object ${id}`);
    this.readyObjects.set(id, data);
    return data;
  }

  private async loadPicture(id: number): Promise<HTMLImageElement> {
    const { picture } = await this.object(id);
    if (!picture) throw new Error(`object ${id} has no picture`);
    const image = this.page.createElement("img");
    image.src = picture.file;
    try {
      await image.decode();
    } catch {
      throw new Error(`${picture.file} is missing or damaged: write the report once more`);
    }
    this.readyPictures.set(id, image);
    return image;
  }

  /** Remembers a load under way, but no failure: the next to ask tries again. */
  private keep<T>(cache: RecentlyUsed<number, Promise<T>>, id: number, load: Promise<T>): Promise<T> {
    cache.set(id, load);
    load.catch(() => cache.remove(id));
    return load;
  }

  /** Runs one data script and hands out what it called cleft.load with. */
  private script<T>(file: string, name: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const element = this.page.createElement("script");
      const finish = (): void => {
        element.remove();
        const data = this.arrived.get(name);
        this.arrived.delete(name);
        if (data === undefined) reject(new Error(`${file} is missing or damaged: write the report once more`));
        else resolve(data as T);
      };
      element.onload = finish;
      element.onerror = finish;
      element.src = file;
      this.page.head.append(element);
    });
  }
}

function nameOf(kind: Kind, data: unknown): string {
  return kind === "object" ? `object ${(data as ObjectData).id}` : kind;
}
