import { Button, TextInput } from '@mantine/core';
import { Consequences, Dialog, formStyles, isReason, ReasonInput, RequestFault } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import type { LimitsView } from '../session/ward-api.js';
import { useAct } from '../session/ward-session.js';
import { strings } from '../strings.js';
import { decimalOf } from './limit-input.js';

const text = strings.limits;

interface Props {
  readonly label: string;
  readonly limits: LimitsView;
  onClose(): void;
}

/** Limits of one bed. What would let more pass than the ward's waits for a second person, in the gateway's own words. */
export function LimitsDialog({ label, limits, onClose }: Props): ReactNode {
  const api = useApi();
  const act = useAct();
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [reason, setReason] = useState('');
  const change = Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => {
      const number = decimalOf(value);
      return number === null || number === limits.limits[name] ? [] : [[name, number]];
    }),
  );
  const isWrong = Object.values(typed).some((value) => decimalOf(value) === null);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void act.run(() => api.setLimits(limits.bed, change, reason.trim())).then((done) => done && onClose());
  };
  return (
    <Dialog opened title={text.title(label)} onClose={onClose}>
      <form onSubmit={send} className={formStyles.stack}>
        <Consequences lines={text.consequences} />
        {Object.entries(limits.limits).map(([name, value]) => (
          <TextInput
            key={name}
            label={text.names[name] ?? name}
            description={text.ofWard(limits.ward[name] ?? value)}
            inputMode="decimal"
            value={typed[name] ?? String(value)}
            maxLength={6}
            error={typed[name] !== undefined && decimalOf(typed[name]) === null ? text.notANumber : undefined}
            onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
          />
        ))}
        <ReasonInput label={strings.acts.reason} hint={strings.acts.reasonHint} value={reason} onChange={setReason} />
        {act.fault !== null && <RequestFault error={act.fault} />}
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={onClose}>
            {strings.acts.cancel}
          </Button>
          <Button
            type="submit"
            loading={act.busy}
            disabled={isWrong || Object.keys(change).length === 0 || !isReason(reason)}
          >
            {text.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
