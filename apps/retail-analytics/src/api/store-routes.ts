import type { BudgetView, StoreView } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import type { LedgerHead, ReleaseRefusal } from '../privacy/release-ports.js';

/** What the page reads: live figures, the state of the node, its metrics, its privacy budget. */
export function storeRoutes(deps: {
  readonly view: () => StoreView;
  readonly health: () => unknown;
  /** Prometheus text format. */
  readonly prometheus: () => Promise<string>;
  readonly budget: () => BudgetView;
  readonly ledgerHead: () => LedgerHead;
  /** What was not released, newest last, bounded. */
  readonly refusals: () => readonly ReleaseRefusal[];
  /** People-free background of a camera as PNG; a string says why there is none. Undefined where the setting is off. */
  readonly calibrationPicture: ((camera: string, who: string) => Promise<Uint8Array | string>) | undefined;
}): readonly ApiRoute[] {
  const { calibrationPicture } = deps;
  return [
    { method: 'get', path: '/api/view', access: 'public', handle: () => json(deps.view()) },
    { method: 'get', path: '/api/health', access: 'public', handle: () => json(deps.health()) },
    {
      method: 'get',
      path: '/api/ledger',
      access: 'public',
      handle: () => json({ budget: deps.budget(), head: deps.ledgerHead(), refused: deps.refusals() }),
    },
    {
      method: 'get',
      path: '/metrics',
      access: 'public',
      handle: async () => ({
        kind: 'bytes',
        bytes: Buffer.from(await deps.prometheus(), 'utf8'),
        mime: 'text/plain; version=0.0.4; charset=utf-8',
        immutable: false,
      }),
    },
    {
      method: 'get',
      path: '/api/camera/:camera/picture.png',
      access: 'operator',
      handle: async ({ params: { camera = '' }, user }) => {
        if (calibrationPicture === undefined)
          return problem(
            404,
            'store.pictures-off',
            'This node shows no pictures. To calibrate a camera on its people-free background, set page.calibrationPictures: true and restart',
          );
        const picture = await calibrationPicture(camera, user?.name ?? 'operator');
        if (typeof picture === 'string') return problem(409, 'store.picture-refused', picture);
        return { kind: 'bytes', bytes: picture, mime: 'image/png', immutable: false };
      },
    },
  ];
}
