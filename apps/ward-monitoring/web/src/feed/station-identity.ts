/** Name and key by which the gateway knows this station; made by the command stations-main.ts. */
export interface StationIdentity {
  readonly name: string;
  readonly key: string;
}

interface Kept {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
}

const storedAs = 'ward-station';
const hashForm = /^#\/station\/([a-z][a-z0-9-]{0,31})\/([\w-]{8,64})$/;

/**
 * Opened once with `#/station/NAME/KEY`, the browser keeps it; the key then leaves the address.
 * @returns undefined for a station that was not enrolled
 */
export function stationIdentity(hash: string, kept: Kept, clearHash: () => void): StationIdentity | undefined {
  const [, name, key] = hashForm.exec(hash) ?? [];
  if (name !== undefined && key !== undefined) {
    kept.setItem(storedAs, `${name}/${key}`);
    clearHash();
    return { name, key };
  }
  const [storedName, storedKey] = kept.getItem(storedAs)?.split('/') ?? [];
  return storedName === undefined || storedKey === undefined ? undefined : { name: storedName, key: storedKey };
}
