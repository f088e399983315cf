import { Button } from '@mantine/core';
import { RequestFault } from '@edge-blueprints/web-kit';
import type { ProposalView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { useApi } from '../session/ward-api.js';
import { useAct, useMay, usePerson } from '../session/ward-session.js';
import { strings } from '../strings.js';
import styles from './ward-banners.module.css';

const text = strings.twoPeople;

/** What one person asked for and a second one has to confirm; and who uses the rights of an emergency. */
export function WaitingActs({ wall }: { readonly wall: boolean }): ReactNode {
  const proposals = useFeedPart(({ view }) => view?.proposals);
  const emergencies = useFeedPart(({ view }) => view?.breakGlass);
  if ((proposals?.length ?? 0) === 0 && (emergencies?.length ?? 0) === 0) return null;
  return (
    <section className={styles.banners} aria-label={text.label}>
      {emergencies?.map(({ by }) => (
        <p key={by}>{text.emergency(by)}</p>
      ))}
      {proposals?.map((proposal) => (
        <WaitingAct key={proposal.id} proposal={proposal} wall={wall} />
      ))}
    </section>
  );
}

function WaitingAct({ proposal, wall }: { readonly proposal: ProposalView; readonly wall: boolean }): ReactNode {
  const { id, subject, text: what, by } = proposal;
  const api = useApi();
  const act = useAct();
  const may = useMay();
  const person = usePerson();
  const answer = (confirm: boolean): void => void act.run(() => api.answerProposal(id, confirm));
  return (
    <div className={styles.waiting}>
      <span>{text.waits(strings.subject(subject), what, by)}</span>
      {!wall && may('limits') && person?.name !== by && (
        <Button size="sm" loading={act.busy} onClick={() => answer(true)}>
          {text.confirm}
        </Button>
      )}
      {!wall && may('limits') && (
        <Button size="sm" variant="default" loading={act.busy} onClick={() => answer(false)}>
          {text.withdraw}
        </Button>
      )}
      {act.fault !== null && <RequestFault error={act.fault} />}
    </div>
  );
}
