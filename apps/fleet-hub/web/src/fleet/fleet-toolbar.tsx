import { Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { Dialog, formStyles } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { noFilter } from '../hub-route.js';
import type { Route } from '../hub-route.js';
import { strings } from '../strings.js';
import { navigate, rewriteAddress } from '../use-hub-route.js';
import { isEmptyFilter } from './device-filter.js';
import type { DeviceFilter } from './device-filter.js';
import styles from './fleet-toolbar.module.css';
import { mostViews, readViews, removeView, saveView } from './saved-views.js';

interface Props {
  readonly filter: DeviceFilter;
  readonly as: 'matrix' | 'table';
  readonly sites: readonly string[];
}

const text = strings.fleet;

export function FleetToolbar({ filter, as, sites }: Props): ReactNode {
  const route: Route = { page: 'fleet', filter, as };
  const [views, setViews] = useState(() => readViews(window.localStorage));
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const change = (part: Partial<DeviceFilter>): void =>
    rewriteAddress({ page: 'fleet', as, filter: { ...filter, ...part } });
  const save = (event: FormEvent): void => {
    event.preventDefault();
    setViews(saveView(window.localStorage, name, route));
    setName('');
    setNaming(false);
  };
  return (
    <div className={styles.toolbar}>
      <TextInput
        data-search=""
        aria-label={text.search}
        placeholder={`${text.search}: ${text.searchHint}`}
        className={styles.search ?? ''}
        value={filter.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
        type="search"
        maxLength={100}
      />
      <NativeSelect
        aria-label={text.site}
        className={styles.site ?? ''}
        value={filter.site ?? ''}
        onChange={(event) => change({ site: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        data={[{ value: '', label: text.allSites }, ...sites.map((site) => ({ value: site, label: site }))]}
      />
      <Button variant="default" disabled={isEmptyFilter(filter)} onClick={() => change(noFilter)}>
        {text.clear}
      </Button>
      <nav className={styles.views} aria-label={text.views}>
        {views.map((view) => (
          <span key={view.name} className={styles.view}>
            <a href={view.href}>{view.name}</a>
            <button
              type="button"
              aria-label={text.removeView(view.name)}
              title={text.removeView(view.name)}
              onClick={() => setViews(removeView(window.localStorage, view.name))}
            >
              ×
            </button>
          </span>
        ))}
      </nav>
      <Button
        variant="default"
        disabled={isEmptyFilter(filter)}
        title={views.length >= mostViews ? text.viewsFull : undefined}
        onClick={() => setNaming(true)}
      >
        {text.saveView}
      </Button>
      <SegmentedControl
        aria-label={text.shown}
        value={as}
        onChange={(value) => navigate({ page: 'fleet', filter, as: value === 'table' ? 'table' : 'matrix' })}
        data={[
          { value: 'matrix', label: text.matrix },
          { value: 'table', label: text.table },
        ]}
      />
      <Dialog opened={naming} onClose={() => setNaming(false)} title={text.saveView}>
        <form onSubmit={save} className={formStyles.stack}>
          <TextInput
            label={text.viewName}
            value={name}
            maxLength={40}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <div className={formStyles.buttons}>
            <Button variant="default" onClick={() => setNaming(false)}>
              {text.cancel}
            </Button>
            <Button type="submit" disabled={name.trim() === '' || views.length >= mostViews}>
              {text.save}
            </Button>
          </div>
        </form>
      </Dialog>
    </div>
  );
}
