import { describe, expect, it } from 'vitest';
import { fleetRoute } from '../hub-route.js';
import { mostViews, readViews, removeView, saveView } from './saved-views.js';

function memory(text: string | null = null) {
  let held = text;
  return { getItem: () => held, setItem: (_key: string, value: string) => void (held = value) };
}
const view = (search: string) =>
  ({ page: 'fleet', as: 'table', filter: { search, site: null, health: ['alarm'] } }) as const;

describe('saved views', () => {
  it('come back by name, and the same name replaces', () => {
    const store = memory();
    saveView(store, ' night ', view('a'));
    saveView(store, 'day', fleetRoute);
    saveView(store, 'night', view('b'));
    expect(readViews(store)).toEqual([
      { name: 'day', href: '#/' },
      { name: 'night', href: '#/?search=b&health=alarm&as=table' },
    ]);
    expect(removeView(store, 'day').map(({ name }) => name)).toEqual(['night']);
  });

  it('are bounded and have a name', () => {
    const store = memory();
    for (let n = 0; n < mostViews + 3; n++) saveView(store, `v${n}`, fleetRoute);
    expect(saveView(store, '  ', fleetRoute)).toHaveLength(mostViews);
  });

  it('survive what is no list, and keep no address of elsewhere', () => {
    expect(readViews(memory('{'))).toEqual([]);
    expect(readViews(memory('{"a":1}'))).toEqual([]);
    expect(readViews(memory('[{"name":"x","href":"https://elsewhere"},{"name":"y"},null]'))).toEqual([]);
  });
});
