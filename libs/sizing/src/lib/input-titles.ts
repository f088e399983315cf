/** Inputs that may have a range, in the words of the report, by the last part of their path. */
const titles: Readonly<Record<string, string>> = {
  price: 'price of a device',
  watts: 'power of a device',
  mtbfHours: 'mean time between failures',
  lifeYears: 'life of a device',
  pictureMs: 'time of one picture',
  energy: 'price of energy',
  visit: 'price of a visit',
  install: 'price of an installation',
  link: 'price of a link',
  extraMegabit: 'price of more link',
  leadTime: 'lead time',
  engineeringDay: 'an engineering day',
  stationMaterial: 'camera, light, mounting',
  gateway: 'price of a gateway',
  label: 'price of a label',
  hub: 'fleet hub a month',
  serverHour: 'cloud server an hour',
  serverPicturesPerSecond: 'pictures a second of a server',
  gigabyteMonth: 'a gigabyte a month',
  gigaOperations: 'operations of the model',
};

/** `price of energy, de` for `countries.de.energy`. */
export function inputTitle(path: string): string {
  const parts = path.split('.');
  const last = parts.at(-1) ?? path;
  const of = ['countries', 'options'].includes(parts[0] ?? '') ? `, ${parts[1] ?? ''}` : '';
  return `${titles[last] ?? last}${of}`;
}
