import { describe, expect, it } from 'vitest';
import { samplePlan, sampleTargets } from '../../testing/sample-plan.js';
import { makePlan } from '../plan.js';
import { ticks } from './charts.js';
import { html, money, number } from './markup.js';
import { planReport } from './report.js';

const plan = makePlan(samplePlan, sampleTargets);
const text = planReport(plan);

describe('planReport', () => {
  it('is one file: nothing is loaded from anywhere', () => {
    expect(text).not.toMatch(/<(link|img|iframe|script)[^>]*(src|href)=/);
    expect(text).not.toMatch(/url\(|@import|fetch\(/);
  });

  it('lists every assumption with its key, value and source, each in a field of its own', () => {
    for (const { key, value, source } of plan.assumptions) {
      const row = text.slice(text.indexOf(`<tr id="${key}"`)).split('</tr>')[0] ?? '';
      expect(row).toContain(`value="${value}"`);
      expect(row).toContain(html`${source}`.markup.slice(0, 60));
    }
  });

  it('links every assumption that a figure rests on to its row', () => {
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, key]) => key);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((key) => !text.includes(`<tr id="${key}"`))).toEqual([]);
  });

  it('has no hole in it: no NaN, undefined or infinity is printed', () => {
    expect(text.replace(/<script[\s\S]*$/, '')).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('warns of made-up prices until quotations are there', () => {
    expect(text).toContain('The prices in this plan are made up');
    const quoted = JSON.parse(JSON.stringify(samplePlan).replaceAll('"illustrative"', '"quotation"'));
    expect(planReport(makePlan(quoted, sampleTargets))).not.toContain('made up.');
  });

  it('shows no sum while a price is missing, and what to ask for', () => {
    const open = planReport(makePlan({ ...samplePlan, prices: {} }, sampleTargets));
    expect(open).toContain('No sum is shown while a price is missing. Ask for: prices.');
  });

  it('says why, target by target, where nothing fits', () => {
    const hot = samplePlan.sites.map((site) => ({ ...site, ambientCelsius: 79 }));
    const none = planReport(makePlan({ ...samplePlan, sites: hot }, sampleTargets));
    expect(none).toContain('None of the given targets can do this work');
    expect(none).toContain('no room left to throttle');
  });

  it('lets no name of the plan become markup or script', () => {
    const evil = '</script><script>alert(1)</script>"';
    const sites = samplePlan.sites.map((site) => ({ ...site, name: evil }));
    const told = planReport(makePlan({ ...samplePlan, title: evil, sites }, sampleTargets));
    expect(told).not.toContain('<script>alert');
    expect(told.match(/<script/g)).toHaveLength(2);
    const data = /id="plan-input">([\s\S]*?)<\/script>/.exec(told)?.[1] ?? '';
    expect(JSON.parse(data)).toMatchObject({ title: evil });
  });
});

describe('numbers of the report', () => {
  it.each([
    [1234567, '1 234 567'],
    [0.61894, '0.619'],
    [4.37, '4.37'],
    [999.6, '1 000'],
    [0, '0'],
  ])('%f reads %s', (value, read) => {
    expect(number(value)).toBe(read);
  });

  it.each([
    [3_631_990, 'EUR 3.63 M'],
    [59_100, 'EUR 59.1 k'],
    [-777_000, 'EUR -777 k'],
    [640, 'EUR 640'],
  ])('%i of money reads %s', (value, read) => {
    expect(money(value, 'EUR')).toBe(read);
  });

  it('axes have two to six round ticks from zero, none beyond the top', () => {
    for (const top of [0.003, 1, 3.6, 57, 99.9, 12_345]) {
      expect(ticks(top)[0]).toBe(0);
      expect(ticks(top).length).toBeGreaterThanOrEqual(2);
      expect(ticks(top).length).toBeLessThanOrEqual(6);
      expect(Math.max(...ticks(top))).toBeLessThanOrEqual(top);
    }
  });
});
