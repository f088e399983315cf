import { hardwareSchema, type Hardware, type TargetEntry } from '@edge-blueprints/blueprints';
import { parseConfig, targetSchema, type Target } from '@edge-blueprints/contracts';

export interface TargetSkeletonOptions {
  readonly id: string;
  readonly title: string;
  readonly part: string;
  /** Its routes, versions and image are taken over until the device's own are known. */
  readonly like: TargetEntry;
}

/** Every fact of it is unknown, and says who would know. */
export function targetSkeleton({ id, title, part, like }: TargetSkeletonOptions): {
  readonly target: Target;
  readonly hardware: Hardware;
  readonly recipe: string;
} {
  // Of a processor, what every device has: ONNX Runtime. Another target stands for its whole family.
  const processorOnly = like.id === 'cpu';
  const routes = processorOnly
    ? like.target.routes.filter(({ engine }) => engine === 'in-process')
    : like.target.routes;
  const note = processorOnly
    ? 'A skeleton: only the processor of the device is described, its accelerator stays idle.'
    : `A skeleton: routes, versions and image are those of ${like.id}, checked on nothing else.`;
  const { lockstep, baseImage } = like.hardware;
  const used = [...lockstep.map(({ source }) => source), ...('value' in baseImage ? imageSources(baseImage) : [])];
  const sources = Object.fromEntries(Object.entries(like.hardware.sources).filter(([key]) => used.includes(key)));
  const hardware = {
    ...{ format: 'edge-hardware/1', id, part, sources },
    tops: { unknown: 'not entered: the data sheet of the accelerator, with its basis (precision, sparsity)' },
    speeds: [],
    precisions: { unknown: 'not entered: what the runtime of the accelerator takes' },
    power: { unknown: 'not entered: the data sheet, or what a meter shows under load' },
    powerModes: { unknown: 'not entered: what the vendor calls them, and the watts of each' },
    price: { unknown: 'not entered: a quotation, with its currency and day' },
    memory: { unknown: 'not entered: the data sheet; models are held against a quarter of it' },
    thermal: {
      unknown: 'not entered: throttle point of the data sheet, or a measurement at the temperature of the site',
    },
    cannotRun: { unknown: 'not entered: what its compiler refuses, with the place that says so' },
    ...{ baseImage, lockstep },
    health: { unknown: 'not entered: which file or command tells temperature and errors of the accelerator' },
    secureBoot: { unknown: 'not entered: ask the maker of the board' },
    tpm: { unknown: 'not entered: ask the maker of the board' },
    availability: { unknown: 'not entered: the maker names a last date of sale' },
  };
  const target = { format: 'edge-target/1', id, title, readiness: 'configuration-only', note, routes };
  const commands = routes.map(
    (route) => `    npx nx run models:compile --model NAME --target ${id} --route ${route.id}`,
  );
  return {
    target: parseConfig(targetSchema, target, `the skeleton of ${id}`),
    hardware: parseConfig(hardwareSchema, hardware, `the skeleton of ${id}`),
    recipe: `# ${title}\n\n${commands.join('\n')}\n\n${note} Write here how a bundle gets to the device, and what was tried.\n`,
  };
}

const imageSources = ({ source, also }: { readonly source: string; readonly also?: readonly string[] | undefined }) => [
  source,
  ...(also ?? []),
];
