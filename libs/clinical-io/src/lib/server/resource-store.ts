import type { Change } from './resource-log.js';

/** Bounds of what is held. */
export interface StoreLimits {
  readonly maxResources: number;
  /** JSON of the current versions. */
  readonly maxBytes: number;
  /** Old versions kept for each resource. */
  readonly maxVersions: number;
}

/** Kept when room is made: everything else points at them. */
const lasting = new Set(['Patient', 'Device', 'DeviceMetric', 'Location', 'DocumentReference']);

interface Held {
  /** Undefined after a delete. */
  json: string | undefined;
  version: number;
  /** Oldest first, without the current one. */
  older: readonly string[];
}

export interface StoreRead {
  /** @returns JSON; `gone` when it was deleted; undefined when it never was */
  current(name: string): string | 'gone' | undefined;
  /** Versions of one resource, newest first. */
  versions(name: string): readonly string[];
  /** JSON of all current resources of one type, the one written last at the end. */
  ofType(resourceType: string): readonly string[];
  readonly counts: { readonly resources: number; readonly bytes: number; readonly evicted: number };
}

/** Current and old versions as JSON text, in the order of writing, with undo until the request is committed. */
export interface ResourceStore extends StoreRead {
  nextVersion(name: string): string;
  /** @returns false when there is no room and nothing that may go */
  put(name: string, json: string): boolean;
  delete(name: string): void;
  /** What changed since the last commit or rollback. */
  pending(): readonly Change[];
  commit(): void;
  rollback(): void;
  apply(change: Change): void;
  /** The present state as changes, for the compact file. */
  snapshot(): Iterable<Change>;
}

const typeOf = (name: string): string => name.slice(0, name.indexOf('/'));

export function createResourceStore(limits: StoreLimits): ResourceStore {
  const types = new Map<string, Map<string, Held>>();
  let resources = 0;
  let bytes = 0;
  let evicted = 0;
  let changes: Change[] = [];
  let undo: (() => void)[] = [];
  const held = (name: string): Held | undefined => types.get(typeOf(name))?.get(name);

  /** Puts one entry in place of another, at the end of the order, and remembers the way back. */
  const replace = (name: string, next: Held | undefined): void => {
    const type = types.get(typeOf(name)) ?? new Map<string, Held>();
    types.set(typeOf(name), type);
    const before = type.get(name);
    const size = (entry: Held | undefined) => (entry?.json === undefined ? 0 : entry.json.length);
    const set = (entry: Held | undefined, instead: Held | undefined) => {
      type.delete(name);
      if (entry !== undefined) type.set(name, entry);
      resources += (entry === undefined ? 0 : 1) - (instead === undefined ? 0 : 1);
      bytes += size(entry) - size(instead);
    };
    set(next, before);
    undo.push(() => set(before, next));
  };
  const oldestOfLargestType = (except: string): string | undefined => {
    const candidates = [...types].filter(([type, entries]) => !lasting.has(type) && entries.size > 0);
    const largest = candidates.sort(([, a], [, b]) => b.size - a.size)[0]?.[1];
    if (largest === undefined) return undefined;
    for (const name of largest.keys()) if (name !== except) return name;
    return undefined;
  };
  const place = (name: string, json: string, version: number): void => {
    const before = held(name);
    const older = before?.json === undefined ? (before?.older ?? []) : [...before.older, before.json];
    replace(name, { json, version, older: older.slice(Math.max(0, older.length - limits.maxVersions)) });
  };
  const remove = (name: string, version: number): void => {
    const before = held(name);
    replace(name, { json: undefined, version, older: before?.older ?? [] });
  };

  return {
    current: (name) => {
      const entry = held(name);
      return entry === undefined ? undefined : (entry.json ?? 'gone');
    },
    versions: (name) => {
      const entry = held(name);
      return entry === undefined ? [] : [...entry.older, ...(entry.json === undefined ? [] : [entry.json])].reverse();
    },
    ofType: (type) => [...(types.get(type)?.values() ?? [])].flatMap(({ json }) => json ?? []),
    get counts() {
      return { resources, bytes, evicted };
    },
    nextVersion: (name) => String((held(name)?.version ?? 0) + 1),
    put: (name, json) => {
      const before = { undo: undo.length, changes: changes.length };
      place(name, json, (held(name)?.version ?? 0) + 1);
      changes.push({ put: json });
      while (resources > limits.maxResources || bytes > limits.maxBytes) {
        const victim = oldestOfLargestType(name);
        if (victim === undefined) {
          for (const step of undo.splice(before.undo).reverse()) step();
          changes.length = before.changes;
          return false;
        }
        replace(victim, undefined);
        evicted++;
        undo.push(() => evicted--);
        changes.push({ forget: victim });
      }
      return true;
    },
    delete: (name) => {
      const version = (held(name)?.version ?? 0) + 1;
      remove(name, version);
      changes.push({ delete: name, versionId: String(version) });
    },
    pending: () => changes,
    commit: () => {
      changes = [];
      undo = [];
    },
    rollback: () => {
      for (const step of undo.reverse()) step();
      changes = [];
      undo = [];
    },
    apply: (change) => {
      if ('put' in change) {
        const { name, version } = nameOf(change.put);
        place(name, change.put, version);
      } else if ('delete' in change) remove(change.delete, Number(change.versionId));
      else replace(change.forget, undefined);
      undo = [];
    },
    *snapshot() {
      for (const entries of types.values())
        for (const [name, { json, version, older }] of entries) {
          for (const old of older) yield { put: old };
          yield json === undefined ? { delete: name, versionId: String(version) } : { put: json };
        }
    },
  };
}

/** Name and version number of stored JSON. */
function nameOf(json: string): { readonly name: string; readonly version: number } {
  const resource: { resourceType?: unknown; id?: unknown; meta?: { versionId?: unknown } } = JSON.parse(json);
  return {
    name: `${String(resource.resourceType)}/${String(resource.id)}`,
    version: Number(resource.meta?.versionId ?? 1),
  };
}
