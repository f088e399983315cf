import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import type { Logger } from '@edge-blueprints/contracts';

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** @throws ConfigError `dashboard.tls-invalid` when a file is missing, is no PEM, or the key does not fit the certificate */
export function readTlsFiles(files: TlsFiles): TlsMaterial {
  try {
    const material = { cert: readFileSync(files.certFile, 'utf8'), key: readFileSync(files.keyFile, 'utf8') };
    createSecureContext(material);
    return material;
  } catch (error) {
    throw new ConfigError(
      'dashboard.tls-invalid',
      `Cannot use dashboard.tls.certFile ${files.certFile} with keyFile ${files.keyFile}: ${errorMessage(error)}; give a PEM certificate and its own key`,
      { cause: error },
    );
  }
}

/**
 * Hands over the pair each time it changes on disk, looked at every `everyMs`. While the two files do not fit each other,
 * which is so for a moment when both are replaced, the pair before stays in use.
 * @returns stops watching
 */
export function watchTlsFiles(
  files: TlsFiles,
  everyMs: number,
  onChange: (material: TlsMaterial) => void,
  logger: Logger,
): () => void {
  const changed = (): void => {
    try {
      onChange(readTlsFiles(files));
      logger.info('dashboard.tls-renewed', { certFile: files.certFile });
    } catch (error) {
      logger.warn('dashboard.tls-kept', { message: errorMessage(error) });
    }
  };
  const paths = [files.certFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: everyMs, persistent: false }, changed);
  return () => {
    for (const path of paths) unwatchFile(path, changed);
  };
}
