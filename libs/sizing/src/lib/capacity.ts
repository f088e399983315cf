import type { Assumed } from './assumptions.js';
import { figure, type Figure } from './figure.js';
import type { HardwareOption, PlanInput, Workload } from './plan-input.js';
import type { SpeedFact, TargetFacts } from './target-facts.js';
import { thermalShare } from './thermal.js';

/** own: measured for this plan. same: the model itself. scaled: its family by operations. stand-in: another network, accepted. */
export type AnchorKind = 'own' | 'same' | 'scaled' | 'stand-in';

export interface Anchor {
  readonly kind: AnchorKind;
  readonly pictureMs: Figure;
  readonly of: string;
  /** Where the speed was told; null for an own measurement, which is in the plan. */
  readonly speed: SpeedFact | null;
}

const family = (model: string): string =>
  model.toLowerCase().replace(/[-_ ]?(nano|tiny|small|medium|large|n|t|s|m|b|l|x)$/, '');

/**
 * The speed to plan with. Never TOPS: an own measurement, else the same network, else one of its family scaled by operations,
 * else a network that the plan accepts in its place. undefined where nobody measured anything of the kind. Operations scale up and
 * never down: small networks use a chip worse (Hailo-8L: YOLOv8m at 38 a second would promise 343 for YOLOv8n, which has 181).
 */
export function anchorOf(target: TargetFacts, option: HardwareOption, model: Workload['model']): Anchor | undefined {
  if (option.pictureMs !== undefined) {
    const { value, source, date } = option.pictureMs;
    const path = `input:options.${option.target}.pictureMs`;
    return { kind: 'own', pictureMs: figure(value, 'ms', `${source}, ${date}`, [path]), of: model.name, speed: null };
  }
  const operations = model.gigaOperations?.value ?? null;
  const usable = target.speeds.filter(
    ({ input }) => input.split('x').slice(-2).join('x') === model.input.split('x').slice(-2).join('x'),
  );
  const candidates = usable.flatMap((speed): readonly Anchor[] => {
    const kind = kindOf(speed, model);
    if (kind === undefined || (kind === 'scaled' && (operations === null || speed.gigaOperations === null))) return [];
    const known = kind !== 'same' && operations !== null && speed.gigaOperations !== null;
    const ratio = known ? Math.max(1, operations / speed.gigaOperations) : 1;
    const how = `${speed.model} ${speed.precision} on ${speed.device}, ${speed.runtime}: ${round(speed.milliseconds)} ms${ratio === 1 ? '' : ` x ${round(ratio)} operations`}`;
    const uses = [`target:${target.id}.speeds`, ...(ratio === 1 ? [] : ['input:workload.model.gigaOperations'])];
    return [{ kind, pictureMs: figure(speed.milliseconds * ratio, 'ms', how, uses), of: speed.model, speed }];
  });
  const order: readonly AnchorKind[] = ['own', 'same', 'scaled', 'stand-in'];
  const rank = ({ kind, speed }: Anchor): number =>
    order.indexOf(kind) * 2 + (speed?.precision === model.precision ? 0 : 1);
  // Within a family each candidate is an upper bound, so the lowest holds; a stand-in should be of about the same size.
  const distance = ({ kind, speed }: Anchor): number => {
    if (kind !== 'stand-in') return 0;
    const theirs = speed?.gigaOperations ?? null;
    return operations === null || theirs === null ? Math.LN2 : Math.abs(Math.log(operations / theirs));
  };
  return [...candidates].sort(
    (a, b) => rank(a) - rank(b) || distance(a) - distance(b) || a.pictureMs.value - b.pictureMs.value,
  )[0];
}

function kindOf(speed: SpeedFact, model: Workload['model']): AnchorKind | undefined {
  if (speed.model === model.name) return 'same';
  if (family(speed.model) === family(model.name)) return 'scaled';
  return model.standIns.includes(speed.model) ? 'stand-in' : undefined;
}

const round = (value: number): number => Number(value.toPrecision(3));

/** Which of the three bounds decides how many cameras a device takes. */
export type Bound = 'accelerator' | 'processor' | 'deadline';

export interface Capacity {
  readonly share: Figure;
  /** One picture on the device at this heat, pipeline included. */
  readonly serviceMs: Figure;
  /** Cameras that one device keeps up, at headroom. */
  readonly cameras: Figure;
  readonly bound: Bound;
  /** 99th percentile, exposure to decision, with that many cameras (one, where it takes none). */
  readonly ageMs: Figure;
}

/**
 * cameras = floor(min(accelerator, processor) x (1 - headroom) / rate), and no more than the deadline allows when all cameras of a
 * device deliver at once and the last picture waits for the others. The processor's bound is the density rule of docs/retail.md.
 */
export function capacityOf(
  target: TargetFacts,
  option: HardwareOption,
  anchor: Anchor,
  air: Figure,
  plan: Pick<PlanInput, 'workload' | 'pattern'>,
  assumed: Assumed,
): Capacity {
  const { workload } = plan;
  const share = thermalShare(target, air, assumed);
  const efficiencyKey = workload.pipeline === 'serial' ? 'capacity.serial' : 'capacity.pipelined';
  const engines = target.perCore ? option.cores * assumed('capacity.host-share') : 1;
  const speedUses = [...anchor.pictureMs.uses, ...share.uses, efficiencyKey];
  const service = anchor.pictureMs.value / share.value / assumed(efficiencyKey) / engines;
  const serviceMs = figure(
    service,
    'ms',
    `${round(anchor.pictureMs.value)} ms / ${round(share.value)} of heat / ${assumed(efficiencyKey)} ${workload.pipeline}${target.perCore ? ` / (${option.cores} cores x ${assumed('capacity.host-share')})` : ''}`,
    speedUses,
  );
  const free = 1 - assumed('capacity.headroom');
  const hostMs = assumed('capacity.host-time');
  const hostRate = (assumed('capacity.host-share') * option.cores * 1000) / hostMs;
  const transferMs = plan.pattern === 'fog' ? assumed('fog.network') : 0;
  const fixedMs = assumed('camera.delivery') + hostMs + transferMs;
  const tail = assumed('latency.tail');
  const aloneMs = service * engines;
  const waitAndRunMs = (cameras: number): number => tail * (aloneMs + (cameras - 1) * service);
  const leftMs = (workload.deadlineMs - fixedMs) / tail - aloneMs;
  const bounds: Readonly<Record<Bound, number>> = {
    accelerator: ((1000 / service) * free) / workload.picturesPerSecond,
    processor: (hostRate * free) / workload.picturesPerSecond,
    deadline: leftMs < 0 ? 0 : 1 + leftMs / service,
  };
  const bound = narrowest(bounds);
  const cameras = share.value === 0 ? 0 : Math.floor(bounds[bound] + 1e-9);
  const hostUses = ['capacity.host-share', 'capacity.host-time', `input:options.${option.target}.cores`];
  const ageUses = [
    'camera.delivery',
    'capacity.host-time',
    'latency.tail',
    ...(plan.pattern === 'fog' ? ['fog.network'] : []),
  ];
  return {
    share,
    serviceMs,
    bound,
    cameras: figure(
      cameras,
      'cameras',
      `floor of the least: accelerator ${round(bounds.accelerator)}, processor ${round(bounds.processor)}, deadline ${round(bounds.deadline)}, with ${free} of the throughput`,
      [
        ...serviceMs.uses,
        ...hostUses,
        ...ageUses,
        'capacity.headroom',
        'input:workload.picturesPerSecond',
        'input:workload.deadlineMs',
      ],
    ),
    ageMs: figure(
      share.value === 0 ? Number.MAX_VALUE : fixedMs + waitAndRunMs(Math.max(1, cameras)),
      'ms',
      `${fixedMs} ms to the engine + ${tail} x (${round(aloneMs)} ms + ${Math.max(1, cameras) - 1} pictures before it x ${round(service)} ms)`,
      [...serviceMs.uses, ...ageUses],
    ),
  };
}

function narrowest(bounds: Readonly<Record<Bound, number>>): Bound {
  const names: readonly Bound[] = ['accelerator', 'processor', 'deadline'];
  return names.reduce((least, name) => (bounds[name] < bounds[least] ? name : least), 'accelerator');
}
