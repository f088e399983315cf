import { Button, NativeSelect } from '@mantine/core';
import { Consequences, Dialog, formStyles, isReason, ReasonInput, RequestFault } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { useAct } from '../session/ward-session.js';
import { strings } from '../strings.js';

const mostReason = 200;

interface Choice {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

interface Props {
  readonly title: string;
  readonly consequences: readonly string[];
  readonly submit: string;
  readonly choice?: Choice | undefined;
  /** @param chosen value of the choice, empty without one */
  perform(reason: string, chosen: string): Promise<void>;
  onClose(): void;
}

/** An act that is recorded with a reason. */
export function ActDialog({ title, consequences, submit, choice, perform, onClose }: Props): ReactNode {
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState(choice?.options[0]?.value ?? '');
  const act = useAct();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    void act.run(() => perform(reason.trim().slice(0, mostReason), chosen)).then((done) => done && onClose());
  };
  return (
    <Dialog opened title={title} onClose={onClose}>
      <form onSubmit={send} className={formStyles.stack}>
        <Consequences lines={consequences} />
        {choice !== undefined && (
          <NativeSelect
            label={choice.label}
            data={[...choice.options]}
            value={chosen}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
        <ReasonInput label={strings.acts.reason} hint={strings.acts.reasonHint} value={reason} onChange={setReason} />
        {act.fault !== null && <RequestFault error={act.fault} />}
        <div className={formStyles.buttons}>
          <Button variant="default" onClick={onClose}>
            {strings.acts.cancel}
          </Button>
          <Button type="submit" loading={act.busy} disabled={!isReason(reason)}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
