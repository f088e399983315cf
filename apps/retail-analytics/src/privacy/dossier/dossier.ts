import { type Dossier } from './blocks.js';
import type { DossierFacts } from './facts.js';
import { lawSections } from './law-sections.js';
import { storeSections } from './store-sections.js';

/** Everything a lawyer or a works council needs about one store, from its settings and its ledger. */
export function createDossier(facts: DossierFacts): Dossier {
  return {
    title: `Privacy dossier of ${facts.store}`,
    subtitle: `Made ${facts.madeAt} from the configuration, floor plan revision ${facts.plan.revision} and ledger head \`${facts.ledger.head.slice(0, 16)}\`.`,
    blocks: [...storeSections(facts), ...lawSections(facts)],
  };
}
