import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKnown } from '@edge-blueprints/blueprints';
import type { TargetRoute } from '@edge-blueprints/contracts';
import type { TargetChoice } from './check-options.js';
import { pinnedImage } from './documents.js';
import { renderTemplate, type TemplateValues } from './render-template.js';
import { servedParity, sidecarArguments } from './sidecar-files.js';
import { engineOf } from './starter-config.js';

type Sidecar = NonNullable<TargetRoute['sidecar']>;

/** What the templates of one target are filled with. */
export function targetValues(
  root: string,
  choice: TargetChoice,
  of: { readonly idle: boolean; readonly pattern: string; readonly bundle: string; readonly id: string },
): TemplateValues {
  const { idle, pattern, bundle, id } = of;
  const { entry, route: routeId, warnings } = choice;
  const { hardware, target } = entry;
  const route = target.routes.find((each) => each.id === routeId);
  const { image, note } = pinnedImage(entry);
  const served = servedBy(choice, idle, pattern);
  const list = served === undefined ? [] : sidecarArguments(served, servedParity(route), `bundles/${bundle}`, 'models');
  const images = { id, acceleratorImage: image, acceleratorNote: note, sidecarList: list.map(yamlWord).join(', ') };
  const file = `blueprints/targets/${entry.id}/starter/compose-service.yaml.template`;
  const beside = served !== undefined && existsSync(join(root, file));
  const known = (fact: { readonly unknown: string } | { readonly value: string }): string =>
    'unknown' in fact ? `unknown: ${fact.unknown}` : fact.value;
  const told = beside
    ? `Its service stands in \`deploy/${entry.id}/compose.yaml\` under the profile \`accelerator\`; it was run on no device.`
    : '';
  const folder = `deploy/${entry.id}/models`;
  const command =
    served === undefined ? '' : sidecarArguments(served, servedParity(route), `bundles/${bundle}`, folder).join(' ');
  return {
    accelerator: told,
    sidecarCommand: command,
    serve: served === undefined ? '' : serveText(command, folder, served),
    target: entry.id,
    targetTitle: target.title,
    targetPart: hardware.part,
    targetReadiness: target.readiness,
    targetNote: target.note,
    route: route === undefined ? 'the processor, in the process of the app' : `${route.title}, ${route.runtime}`,
    effective: effective(choice, idle, pattern),
    warnings: warnings.map((warning) => `- ${warning}`).join('\n'),
    acceleratorService: beside ? renderTemplate(readFileSync(join(root, file), 'utf8'), images, file) : '',
    lockstep: hardware.lockstep
      .map(
        ({ set, parts, rule }) =>
          `| ${set} | ${parts.map(({ part, version }) => `${part} ${version}`).join(', ')} | ${rule} |`,
      )
      .join('\n'),
    health: isKnown(hardware.health)
      ? `${hardware.health.value.reads.join(', ')}: ${hardware.health.value.how}`
      : `unknown: ${hardware.health.unknown}`,
    secureBoot: known(hardware.secureBoot),
    tpm: known(hardware.tpm),
    availability: isKnown(hardware.availability)
      ? hardware.availability.value.text
      : `unknown: ${hardware.availability.unknown}`,
  };
}

/** An item of a list in YAML that stays a string. */
const yamlWord = (text: string): string => (Number.isNaN(Number(text)) ? text : `'${text}'`);

/** What the sidecar is started with where it stands beside the app. */
export function servedBy(choice: TargetChoice, idle: boolean, pattern: string): TargetRoute['sidecar'] {
  if (idle || pattern === 'fog') return undefined;
  return choice.entry.target.routes.find(({ id }) => id === choice.route)?.sidecar;
}

const serveText = (command: string, folder: string, { backend, artefact, tail }: Sidecar): string => `
## Serve the model on the accelerator

Put ${[artefact, ...(tail === undefined ? [] : [tail])].map((file) => `\`${file}\``).join(' and ')}, compiled for this device, into \`${folder}/\`. With a python3 that has numpy and the vendor's package:

\`\`\`
python3 -m sidecar ${command} --check
\`\`\`

opens the device, warms it up, compares the golden vectors of the bundle, says what really ran, and ends. Without \`--check\` it serves the
station at 127.0.0.1:8500. The unit beside the station's does the same at boot. The backend \`${backend}\` was run on no device of this kind.
`;

/** Whether the accelerator is used, or exactly why not. */
function effective(choice: TargetChoice, idle: boolean, pattern: string): string {
  if (pattern === 'fog')
    return 'The inference node is asked first; when it is gone, the processor of this machine answers.';
  if (choice.route === 'processor')
    return 'The model is small: it runs on the processor, and the accelerator stays idle.';
  if (engineOf(choice) === 'in-process') return 'The model runs in the process of the app.';
  if (idle)
    return 'The accelerator stays idle: it needs an inference server beside the app, and this app cannot ask one yet. The model runs on the processor.';
  return 'The model runs in an inference server beside the app, which the app asks over the Open Inference Protocol at 127.0.0.1:8500. Until that server runs, and whenever it is gone, the processor answers, and the page and every record say so.';
}
