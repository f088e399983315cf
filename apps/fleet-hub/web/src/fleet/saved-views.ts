import { parseRoute, routeHref } from '../hub-route.js';
import type { Route } from '../hub-route.js';

/** A named address of the fleet page, kept in this browser. */
export interface SavedView {
  readonly name: string;
  readonly href: string;
}

export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

export const mostViews = 20;
const storageKey = 'hub-views';
const longestName = 40;

/** What cannot be read is no view: a damaged entry must not take the page with it. */
export function readViews(store: KeyValueStore): readonly SavedView[] {
  try {
    const stored: unknown = JSON.parse(store.getItem(storageKey) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored.filter(isView).slice(0, mostViews);
  } catch {
    return [];
  }
}

/** A view of the same name is replaced. @returns what is kept now */
export function saveView(store: KeyValueStore, name: string, route: Route): readonly SavedView[] {
  const view = { name: name.trim().slice(0, longestName), href: routeHref(route) };
  const rest = readViews(store).filter((each) => each.name !== view.name);
  const views = view.name === '' || rest.length >= mostViews ? rest : [...rest, view];
  views.sort((a, b) => a.name.localeCompare(b.name));
  store.setItem(storageKey, JSON.stringify(views));
  return views;
}

export function removeView(store: KeyValueStore, name: string): readonly SavedView[] {
  const views = readViews(store).filter((each) => each.name !== name);
  store.setItem(storageKey, JSON.stringify(views));
  return views;
}

/** Only addresses of this page: what is stored in a browser may have been written by somebody else. */
function isView(value: unknown): value is SavedView {
  if (value === null || typeof value !== 'object') return false;
  const { name, href } = { name: undefined, href: undefined, ...value };
  return typeof name === 'string' && typeof href === 'string' && routeHref(parseRoute(href)) === href;
}
