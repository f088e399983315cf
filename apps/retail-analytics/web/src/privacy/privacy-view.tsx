import { Skeleton } from '@mantine/core';
import { Facts, formatCount, Panel, StateWord } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useStatus } from '../feed/store-status.js';
import { strings } from '../strings.js';
import { BudgetPanel } from './budget-panel.js';
import { formatEpsilon } from './format-epsilon.js';
import styles from './privacy-view.module.css';

const text = strings.privacy;

/** What a lawyer asks: what is measured, what is never kept, what each number costs, and whether the books are in order. */
export function PrivacyView(): ReactNode {
  const { view } = useStatus();
  if (view === null)
    return (
      <div className={styles.grid} aria-busy="true">
        <Skeleton height={240} />
        <Skeleton height={240} />
      </div>
    );
  const { privacy, budget } = view;
  const epsilon = formatEpsilon(budget.epsilonPerDay);
  return (
    <div className={styles.grid}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel title={text.measured}>
        <Points rows={text.measuredRows} />
      </Panel>
      <Panel title={text.never}>
        <Points rows={text.neverRows} />
        <p className={styles.note}>{privacy.debugCapable ? text.picturesOn : text.picturesOff}</p>
      </Panel>
      <Panel className={styles.wide} title={text.levels}>
        <div className={styles.levels}>
          <section>
            <h3>{text.live}</h3>
            <p className={styles.level}>{text.liveName}</p>
            <Points rows={text.liveRows(privacy.minimumCount)} />
          </section>
          <section>
            <h3>{text.export}</h3>
            <p className={styles.level}>{text.exportName}</p>
            <Points rows={text.exportRows(privacy.unit, epsilon)} />
          </section>
        </div>
        <Facts
          rows={[
            { name: text.unit, value: text.unitValue(privacy.unit) },
            {
              name: text.fragmentation,
              value: text.fragmentationValue(
                String(privacy.fragmentation),
                formatEpsilon(privacy.fragmentation * budget.epsilonPerDay),
              ),
            },
          ]}
        />
      </Panel>
      <BudgetPanel className={styles.wide} budget={budget} releases={view.releases} />
      <Panel title={text.ledger} aside={<a href="/api/ledger">{text.ledgerLink}</a>}>
        <StateWord
          ok={budget.ledger.state === 'open'}
          word={text.ledgerStates[budget.ledger.state]}
          severity={budget.ledger.state === 'spent' ? 'act' : 'stop'}
        />
        {budget.ledger.detail !== '' && <p className={styles.note}>{budget.ledger.detail}</p>}
        <Facts
          rows={[
            { name: text.entries, value: formatCount(budget.ledger.entries) },
            { name: text.head, value: <code className="mono">{budget.ledger.head || strings.none}</code> },
            {
              name: text.burnt,
              value: budget.burnt > 0 ? text.burntValue(formatEpsilon(budget.burnt)) : text.burntNone,
            },
          ]}
        />
        <p className={styles.note}>{text.ledgerNote}</p>
      </Panel>
      <Panel title={text.dossier}>
        <p>{text.dossierNote}</p>
        <pre className={styles.command} tabIndex={0}>
          {text.dossierCommand}
        </pre>
      </Panel>
    </div>
  );
}

function Points({ rows }: { readonly rows: readonly string[] }): ReactNode {
  return (
    <ul className={styles.points}>
      {rows.map((row) => (
        <li key={row}>{row}</li>
      ))}
    </ul>
  );
}
