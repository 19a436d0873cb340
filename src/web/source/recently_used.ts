// A map that keeps a limited number of entries: those asked for last.
export class RecentlyUsed<Key, Entry> {
  private readonly entries = new Map<Key, Entry>();

  constructor(private readonly most: number) {}

  get(key: Key): Entry | undefined {
    const found = this.entries.get(key);
    if (found !== undefined) {
      this.entries.delete(key); // a Map keeps the order in which keys were put in
      this.entries.set(key, found);
    }
    return found;
  }

  set(key: Key, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most) break;
      this.entries.delete(oldest);
    }
  }

  remove(key: Key): void {
    this.entries.delete(key);
  }
}
