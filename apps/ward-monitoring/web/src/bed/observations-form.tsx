import { Button, NativeSelect, TextInput } from '@mantine/core';
import { acvpu, news2PlausibleRange } from '@edge-blueprints/contracts';
import { Panel, RequestFault } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import type { TypedObservations } from '../session/ward-api.js';
import { useAct, useMay } from '../session/ward-session.js';
import { strings } from '../strings.js';
import { readDecimal } from './decimal-input.js';
import type { DecimalLimits } from './decimal-input.js';
import styles from './observations-form.module.css';

const text = strings.observe;

/** In the order of the chart. Diastolic pressure is not scored, but belongs to the record. */
const numbers = [
  { name: 'respiration', limits: { range: news2PlausibleRange.respiration, unit: 'other', zeroIsArrest: true } },
  { name: 'oxygenSaturation', limits: { range: news2PlausibleRange.oxygenSaturation, unit: 'other' } },
  { name: 'systolic', limits: { range: news2PlausibleRange.systolic, unit: 'other' } },
  { name: 'diastolic', limits: { range: [10, 250], unit: 'other' } },
  { name: 'pulse', limits: { range: news2PlausibleRange.pulse, unit: 'other', zeroIsArrest: true } },
  { name: 'temperature', limits: { range: news2PlausibleRange.temperature, unit: 'Cel' } },
] as const satisfies readonly { readonly name: keyof TypedObservations; readonly limits: DecimalLimits }[];
type NumberName = (typeof numbers)[number]['name'];

const blank: Readonly<Record<NumberName | 'supplementalOxygen' | 'consciousness', string>> = {
  respiration: '',
  oxygenSaturation: '',
  systolic: '',
  diastolic: '',
  pulse: '',
  temperature: '',
  supplementalOxygen: '',
  consciousness: '',
};

interface Props {
  readonly bed: string;
  readonly className?: string | undefined;
}

/** What no wearable measures, typed at the bed: comma or point, told at once when it cannot be. */
export function ObservationsForm({ bed, className }: Props): ReactNode {
  const api = useApi();
  const act = useAct();
  const may = useMay();
  const [typed, setTyped] = useState(blank);
  const [saved, setSaved] = useState(false);
  const change = (name: keyof typeof blank, value: string): void => {
    setSaved(false);
    setTyped({ ...typed, [name]: value });
  };
  const entries = numbers.map(({ name, limits }) => ({ name, limits, entry: readDecimal(typed[name], limits) }));
  const wrong = entries.some(({ entry }) => entry.kind === 'wrong');
  const empty = Object.values(typed).every((value) => value.trim() === '');

  const send = (event: FormEvent): void => {
    event.preventDefault();
    const observations: TypedObservations = Object.fromEntries([
      ...entries.flatMap(({ name, entry }) => (entry.kind === 'value' ? [[name, entry.decimal]] : [])),
      ...(['supplementalOxygen', 'consciousness'] as const).flatMap((name) =>
        typed[name] === '' ? [] : [[name, typed[name]]],
      ),
    ]);
    void act
      .run(() => api.observe(bed, observations))
      .then((done) => {
        if (!done) return;
        setTyped(blank);
        setSaved(true);
      });
  };
  return (
    <Panel title={text.title} className={className}>
      {!may('observations') ? (
        <p className={styles.soft}>{text.notAllowed}</p>
      ) : (
        <form onSubmit={send} className={styles.form} noValidate>
          {entries.map(({ name, limits, entry }) => (
            <TextInput
              key={name}
              label={text.fields[name]}
              inputMode="decimal"
              autoComplete="off"
              maxLength={8}
              value={typed[name]}
              error={entry.kind === 'wrong' ? text.wrong[entry.why](limits.range[0], limits.range[1]) : undefined}
              onChange={(event) => change(name, event.currentTarget.value)}
            />
          ))}
          <NativeSelect
            label={text.fields.supplementalOxygen}
            value={typed.supplementalOxygen}
            data={[
              { value: '', label: text.notObserved },
              { value: 'air', label: strings.readingWords.air },
              { value: 'oxygen', label: strings.readingWords.oxygen },
            ]}
            onChange={(event) => change('supplementalOxygen', event.currentTarget.value)}
          />
          <NativeSelect
            label={text.fields.consciousness}
            value={typed.consciousness}
            data={[
              { value: '', label: text.notObserved },
              ...acvpu.map((value) => ({ value, label: text.acvpu[value] })),
            ]}
            onChange={(event) => change('consciousness', event.currentTarget.value)}
          />
          <div className={styles.foot}>
            {act.fault !== null && <RequestFault error={act.fault} />}
            <p role="status" className={styles.soft}>
              {saved ? text.saved : text.hint}
            </p>
            <Button type="submit" loading={act.busy} disabled={wrong || empty}>
              {text.submit}
            </Button>
          </div>
        </form>
      )}
    </Panel>
  );
}
