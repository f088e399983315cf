import type { TargetRoute } from '@edge-blueprints/contracts';
import { isKnown, type Fact } from '../facts.js';
import { reachedTops, type Hardware, type Speed } from '../hardware.js';
import type { TargetEntry } from '../pair.js';
import { factText, percent, significant, sourceLink, table } from './markdown.js';

/** Everything that is known of one target, each fact with its source. The page stands in docs/. */
export function targetSection({ id, target, hardware }: TargetEntry, label: string): readonly string[] {
  const { cannotRun } = hardware;
  const link = (key: string): string => {
    const source = hardware.sources[key];
    return source === undefined ? '' : sourceLink(source, 1);
  };
  return [
    `### ${target.title} (\`${id}\`)`,
    '',
    `Label: *${label}*. ${hardware.part}.${target.note === '' ? '' : ` ${target.note}`}`,
    '',
    ...table(['fact', 'value', 'source'], factRows(hardware, link)),
    '',
    ...(hardware.speeds.length === 0
      ? []
      : [
          ...table(
            speedHead,
            hardware.speeds.map((speed) => speedRow(speed, hardware, link)),
          ),
          '',
        ]),
    'Versions that go together:',
    '',
    ...hardware.lockstep.map(
      ({ set, parts, rule, source }) =>
        `- ${set}: ${parts.map(({ part, version }) => `${part} ${version}`).join('; ')}. ${sentence(rule)} ${link(source)}`,
    ),
    '',
    ...('unknown' in cannotRun
      ? [`Cannot run: ${cannotRun.unknown}.`, '']
      : cannotRun.length === 0
        ? []
        : [
            'Cannot run:',
            '',
            ...cannotRun.map(({ operator, why, source }) => `- \`${operator}\`: ${why}; ${link(source)}`),
            '',
          ]),
    ...target.routes.flatMap(routeLines),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

type Link = (key: string) => string;

function factRows(hardware: Hardware, link: Link): readonly (readonly string[])[] {
  const { tops, precisions, power, powerModes, price, memory, weightCache, thermal } = hardware;
  const { baseImage, health, secureBoot, tpm, availability } = hardware;
  const row = <T>(name: string, fact: Fact<T>, say: (value: T) => string): readonly string[] => [
    name,
    factText(fact, say) + (isKnown(fact) && fact.note !== undefined ? `; ${fact.note}` : ''),
    isKnown(fact) ? [fact.source, ...(fact.also ?? [])].map(link).join('<br>') : '',
  ];
  return [
    row('TOPS as marketed', tops, ({ marketed, basis }) => `${marketed}: ${basis}`),
    row('precisions', precisions, (list) => list.join(', ')),
    row('power', power, ({ minWatts, maxWatts, of }) => `${minWatts} to ${maxWatts} W, ${of}`),
    row('power modes', powerModes, (modes) =>
      modes.map(({ name, watts }) => (watts === null ? `${name} (no limit)` : `${name} (${watts} W)`)).join(', '),
    ),
    row('price', price, ({ low, high, currency, date, of }) => `${low} to ${high} ${currency} on ${date}, ${of}`),
    row(
      'memory',
      memory,
      ({ gibibytes, gigabytesPerSecond, kind }) =>
        `${gibibytes} GiB ${kind}${gigabytesPerSecond === null ? '' : `, ${gigabytesPerSecond} GB/s`}`,
    ),
    ...(weightCache === undefined
      ? []
      : [row('fast memory for weights', weightCache, ({ mebibytes }) => `${mebibytes} MiB`)]),
    row('heat', thermal, thermalText),
    row(
      'image',
      baseImage,
      ({ image, tag, digest, digestReason, holds }) =>
        `\`${image}:${tag}\`, ${digest ?? `digest unknown (${digestReason ?? ''})`}: ${holds}`,
    ),
    row('health', health, ({ reads, how }) => `${reads.join(', ')}: ${how}`),
    row('secure boot', secureBoot, String),
    row('TPM', tpm, String),
    row(
      'availability',
      availability,
      ({ state, until, text }) => `${state}${until === null ? '' : ` until ${until}`}: ${text}`,
    ),
  ];
}

type Thermal = Extract<Hardware['thermal'], { readonly value: unknown }>['value'];

function thermalText(thermal: Thermal): string {
  if (thermal.kind === 'slope') {
    const { throttleCelsius, shutdownCelsius, ratedAmbientCelsius, exponent } = thermal;
    const off = shutdownCelsius === null ? '' : `, off at ${shutdownCelsius} °C`;
    return `gives up power to stay at ${throttleCelsius} °C${off}; rated at ${ratedAmbientCelsius} °C ambient, speed = power ^ ${exponent}`;
  }
  const steps = thermal.steps.map(({ fromCelsius, clockShare }) => `${percent(clockShare, 3)} from ${fromCelsius} °C`);
  return `steps of the clock: ${steps.join(', ')}${thermal.stopCelsius === null ? '' : `; stops at ${thermal.stopCelsius} °C`}`;
}

const speedHead = [
  'model',
  'input',
  'precision',
  'device, runtime',
  'batch',
  'speed',
  'TOPS reached',
  'label',
  'source',
];

function speedRow(speed: Speed, hardware: Hardware, link: Link): readonly string[] {
  const reached = reachedTops(hardware).find((each) => each.speed === speed);
  const share = reached === undefined || reached.share === null ? '' : ` (${percent(reached.share, 2)})`;
  return [
    speed.model,
    speed.input,
    speed.precision,
    `${speed.device}, ${speed.runtime}`,
    speed.batch === null ? 'not stated' : String(speed.batch),
    `${figureText(speed)}${speed.note === undefined ? '' : `; ${speed.note}`}`,
    reached === undefined ? 'operations unknown' : `${significant(reached.tops, 2)}${share}`,
    speed.label.replace('-', ' '),
    link(speed.source),
  ];
}

function figureText({ milliseconds, perSecond, teraOperations, statistic, samples }: Speed): string {
  const figure =
    milliseconds === undefined
      ? perSecond === undefined
        ? `${teraOperations ?? ''} TOPS`
        : `${perSecond} a second`
      : `${milliseconds} ms`;
  const how = statistic === 'rate' ? '' : ` (${statistic}${samples === undefined ? '' : `, n ${samples}`})`;
  return figure + how;
}

function routeLines(route: TargetRoute): readonly string[] {
  const { operators, opset, staticShapes, calibration, container, sources } = route;
  const names = (list: readonly string[]): string => list.map((name) => `\`${name}\``).join(', ');
  return [
    `**${route.id}**: ${route.title}. ${route.runHereNote}`,
    '',
    `- operators: ${operators.accelerator === '*' ? 'every standard operator' : names(operators.accelerator)}`,
    ...(operators.hostTail.length === 0 ? [] : [`- on the host behind the accelerator: ${names(operators.hostTail)}`]),
    `- opset ${opset.min} to ${opset.max}, ${staticShapes ? 'fixed shapes' : 'dynamic shapes allowed'}, calibration: ${
      calibration.needed ? `at least ${calibration.minimumSamples.toLocaleString('en-US')} samples` : 'none'
    }`,
    ...(container === null
      ? []
      : [
          `- container: \`${container.image}:${container.tag}\`, ${container.digest ?? `digest unknown (${container.digestReason ?? ''})`}`,
        ]),
    ...sources.map(({ claim, url, date }) => `- source: [${claim}](${url}), ${date}`),
    '',
  ];
}
