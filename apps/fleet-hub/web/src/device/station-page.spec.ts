import { describe, expect, it } from 'vitest';
import { stationPage, stationPartHref } from './station-page.js';

describe('the page of a station', () => {
  it('is opened only where it is a web page', () => {
    expect(stationPage('https://press.plant:4200/')).toBe('https://press.plant:4200/');
    expect([null, 'javascript:alert(1)', 'https://', 'press.plant'].map(stationPage)).toEqual([null, null, null, null]);
  });

  it('has an address for each part, whatever its name holds', () => {
    expect(stationPartHref('http://127.0.0.1:4201', 'r-7')).toBe('http://127.0.0.1:4201/#/parts/r-7');
    expect(stationPartHref('http://host/line/2/', 'a/b#c')).toBe('http://host/line/2/#/parts/a%2Fb%23c');
    expect(stationPartHref(null, 'r-7')).toBeNull();
  });
});
