import { createOnnxEngine, loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { AuditDraft, Logger } from '@edge-blueprints/contracts';
import type { WardConfig } from './config.js';
import { openAdvisoryLane } from './model/open-advisory.js';
import { createWardAdvisories, type WardAdvisories, type WardAdvisoryOptions } from './model/ward-advisories.js';

/**
 * The advisory of the configuration, or undefined where none is given or it does not load: the rules never wait for it. Which model
 * is in use, and why one is not, is an entry of the trail.
 */
export async function openWardAdvisories(
  model: WardConfig['model'],
  parts: Omit<WardAdvisoryOptions, 'lane'>,
  { logger, closers }: { readonly logger: Logger; readonly closers: (() => void | Promise<void>)[] },
): Promise<WardAdvisories | undefined> {
  if (model === undefined) return undefined;
  const say = (draft: Pick<AuditDraft, 'type' | 'action' | 'outcome' | 'object' | 'reason' | 'model'>): void =>
    void parts.trail
      .record([{ actor: { id: 'model-lane', role: 'system' }, ...draft }])
      .catch(() => logger.warn('ward.model-unaudited', { type: draft.type }));
  const engine = createOnnxEngine({ threads: 1 });
  closers.push(() => engine.dispose());
  try {
    const trustedKeys = await readTrustedKeys(model.trustedKeysFile);
    const bundle = await loadBundle(model.folder, { trustedKeys });
    const lane = await openAdvisoryLane(bundle, engine);
    const advisories = createWardAdvisories({ ...parts, lane });
    closers.push(advisories.close);
    const { name, version } = bundle.manifest;
    say({
      ...{ type: 'model.activated', action: 'activate', outcome: 'success', object: `${name} ${version}` },
      model: { sha256: lane.modelDigest },
    });
    return advisories;
  } catch (error) {
    const code = errorCode(error);
    logger.error('ward.model-off', { code, message: errorMessage(error) });
    say({ type: 'model.rejected', action: 'activate', outcome: 'refused', reason: code });
    return undefined;
  }
}
