import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@edge-blueprints/contracts';
import type { SearchRequest, validateResource, WithId } from '@medplum/core';
import type { FhirRepository as Repository } from '@medplum/fhir-router';
import type { FhirResource } from '../resources/fhir-elements.js';
import type { ResourceCheck } from './resource-check.js';
import type { ResourceStore } from './resource-store.js';

type Resource = Parameters<typeof validateResource>[0];

/** How many resources a search looks at before it lets other requests have their turn. */
const searchSlice = 200;
const maxPage = 1_000;

/**
 * What Medplum's router works on. Its own MemoryRepository neither checks nor rolls back, keeps every version for ever, turns its
 * history round at each read and makes a new version of an identical PUT; this one does none of that. Writing is not locked here:
 * the server lets one request write at a time.
 */
export async function createHeldRepository(
  store: ResourceStore,
  check: ResourceCheck,
  clock: Pick<Clock, 'epochMs'>,
): Promise<Repository> {
  const core = await import('@medplum/core');
  const { FhirRepository } = await import('@medplum/fhir-router');
  const refuse = (
    code: 'structure' | 'too-costly' | 'not-supported',
    issues: readonly { text: string; path?: string }[],
  ) =>
    new core.OperationOutcomeError({
      resourceType: 'OperationOutcome',
      issue: issues.slice(0, 50).map(({ text, path }) => ({
        severity: 'error' as const,
        code,
        details: { text },
        ...(path === undefined || path === '' ? {} : { expression: [path] }),
      })),
    });

  const read = (resourceType: string, id: string) => {
    const json = store.current(`${resourceType}/${id}`);
    if (json === undefined) throw new core.OperationOutcomeError(core.notFound);
    if (json === 'gone') throw new core.OperationOutcomeError(core.gone);
    return JSON.parse(json);
  };

  /** Checks and keeps one version; an identical one stays the version that it is. @returns the kept one, parsed */
  const write = (resource: FhirResource, ifMatch?: string) => {
    const name = `${resource.resourceType}/${resource.id}`;
    const before = store.current(name);
    const known = before === undefined || before === 'gone' ? undefined : JSON.parse(before);
    if (ifMatch !== undefined && known?.meta?.versionId !== ifMatch)
      throw new core.OperationOutcomeError(core.preconditionFailed);
    const plain = withoutVersion(resource);
    if (known !== undefined && isDeepStrictEqual(withoutVersion(known), plain)) return known;
    const problems = check(resource);
    if (problems.length > 0)
      throw refuse(
        'structure',
        problems.map(({ path, problem }) => ({ text: `${name}: ${problem}`, path })),
      );
    const version = { versionId: store.nextVersion(name), lastUpdated: new Date(clock.epochMs()).toISOString() };
    const json = JSON.stringify({ ...plain, meta: { ...plain.meta, ...version } });
    if (!store.put(name, json))
      throw refuse('too-costly', [
        { text: `${name}: the store is full of resources that must stay; raise its limits` },
      ]);
    return JSON.parse(json);
  };

  class HeldRepository extends FhirRepository<undefined> {
    setMode(): void {
      // One store: reading and writing are the same place.
    }
    generateId(): string {
      return randomUUID();
    }
    async createResource<T extends Resource>(resource: T): Promise<WithId<T>> {
      return write({ ...JSON.parse(JSON.stringify(resource)), id: resource.id ?? this.generateId() });
    }
    async updateResource<T extends Resource>(resource: T, options?: { ifMatch?: string }): Promise<WithId<T>> {
      if (resource.id === undefined) throw refuse('structure', [{ text: 'an update needs an id' }]);
      return write(JSON.parse(JSON.stringify(resource)), options?.ifMatch);
    }
    async readResource<T extends Resource>(resourceType: string, id: string): Promise<WithId<T>> {
      return read(resourceType, id);
    }
    async readReference<T extends Resource>(reference: { reference?: string }): Promise<WithId<T>> {
      const [type = '', id = ''] = reference.reference?.split('/') ?? [];
      return read(type, id);
    }
    async readReferences(): Promise<never> {
      throw refuse('not-supported', [{ text: 'references are not followed' }]);
    }
    async readHistory(resourceType: string, id: string) {
      const versions = store.versions(`${resourceType}/${id}`);
      if (versions.length === 0) throw new core.OperationOutcomeError(core.notFound);
      return { resourceType: 'Bundle' as const, type: 'history' as const, entry: versions.map(entryOf) };
    }
    async readVersion<T extends Resource>(resourceType: string, id: string, versionId: string): Promise<WithId<T>> {
      const parsed = store.versions(`${resourceType}/${id}`).map((json) => JSON.parse(json));
      const found = parsed.find((version) => version.meta?.versionId === versionId);
      if (found === undefined) throw new core.OperationOutcomeError(core.notFound);
      return found;
    }
    async deleteResource(resourceType: string, id: string): Promise<void> {
      read(resourceType, id);
      store.delete(`${resourceType}/${id}`);
    }
    async patchResource(): Promise<never> {
      throw refuse('not-supported', [{ text: 'PATCH is not supported; PUT the whole resource' }]);
    }
    async search(request: SearchRequest) {
      const from = request.offset ?? 0;
      const to = from + Math.min(request.count ?? 20, maxPage);
      const sorted = request.sortRules ?? [];
      // The newest first, unless it was asked for otherwise.
      const all = store.ofType(request.resourceType).toReversed();
      if ((request.filters?.length ?? 0) === 0 && sorted.length === 0)
        return page(all.length, all.slice(from, to).map(entryOf));
      const matches: ReturnType<typeof entryOf>[] = [];
      for (const [at, json] of all.entries()) {
        if (at % searchSlice === searchSlice - 1) await nextTurn();
        const entry = entryOf(json);
        if (core.matchesSearchRequest(entry.resource, request)) matches.push(entry);
      }
      for (const { code, descending } of sorted.toReversed()) {
        const sign = descending === true ? -1 : 1;
        matches.sort((a, b) => sign * compare(sortKey(a.resource, code), sortKey(b.resource, code)));
      }
      return page(matches.length, matches.slice(from, to));
    }
    async searchByReference(): Promise<never> {
      throw refuse('not-supported', [{ text: 'chained searches are not supported' }]);
    }
    async withTransaction<R>(work: (client: undefined) => Promise<R>): Promise<R> {
      return work(undefined);
    }
  }
  return new HeldRepository();
}

interface Versioned {
  readonly meta?: { readonly versionId?: string; readonly lastUpdated?: string };
}
function withoutVersion(resource: FhirResource & Versioned) {
  const { meta, ...rest } = resource;
  const { versionId: _versionId, lastUpdated: _lastUpdated, ...kept } = meta ?? {};
  return { ...rest, meta: kept };
}

const page = (total: number, entry: readonly ReturnType<typeof entryOf>[]) => ({
  resourceType: 'Bundle' as const,
  type: 'searchset' as const,
  total,
  ...(entry.length > 0 ? { entry: [...entry] } : {}),
});
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const entryOf = (json: string) => ({ resource: JSON.parse(json) });

/** What a resource is sorted by: a date or a string at its top. Others stand where they are. */
function sortKey(resource: Readonly<Record<string, unknown>> & Versioned, code: string): string {
  if (code === '_lastUpdated') return resource.meta?.lastUpdated ?? '';
  if (code === '_id') return String(resource['id']);
  const dates = ['effectiveDateTime', 'recorded', 'sent', 'authoredOn', 'occurrenceDateTime', 'date'];
  const at =
    code === 'date' ? dates.map((name) => resource[name]).find((value) => value !== undefined) : resource[code];
  return typeof at === 'string' ? at : '';
}
