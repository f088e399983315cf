import { describe, expect, it } from 'vitest';
import { createAnswerForecast } from './answer-forecast.js';

describe('answer forecast', () => {
  it('expects an answer about as late as the last ones', () => {
    const forecast = createAnswerForecast();
    forecast.asked(1, 0);
    expect(forecast.untilDueMs(8)).toBe(null);
    forecast.answered(1, 9);
    forecast.asked(2, 100);
    forecast.answered(2, 111);
    forecast.asked(3, 200);
    expect([206, 208, 213, 214].map((atMs) => forecast.untilDueMs(atMs))).toEqual([2, 0, 0, null]);
    forecast.answered(3, 210);
    expect(forecast.untilDueMs(210)).toBe(null);
  });

  it('does not look out for ever when answers vary widely', () => {
    const forecast = createAnswerForecast();
    forecast.asked(1, 0);
    forecast.answered(1, 5);
    forecast.asked(2, 0);
    forecast.answered(2, 500);
    forecast.asked(3, 1000);
    expect([1004, 1019, 1020].map((atMs) => forecast.untilDueMs(atMs))).toEqual([0, 0, null]);
  });
});
