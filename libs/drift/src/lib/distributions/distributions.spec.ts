import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from './beta.js';
import { scaledBesselK } from './bessel.js';
import { chiSquareCdf, chiSquareTail, chiSquareThreshold } from './chi-square.js';
import { cramerVonMisesLimitTail } from './cramer-von-mises.js';
import { incompleteGamma, logGamma } from './gamma.js';
import {
  kolmogorovLimitTail,
  kolmogorovLimitThreshold,
  kolmogorovTail,
  kolmogorovThreshold,
  smirnovTail,
} from './kolmogorov.js';
import { normalCdf, normalQuantile, normalTail } from './normal.js';

/** Values of scipy 1.17.1, printed by python with the expression that each block names. */
const near = (actual: number, expected: number, relative = 1e-12): void =>
  expect(Math.abs(actual - expected) / Math.abs(expected), `${actual} against ${expected}`).toBeLessThan(relative);

describe('gamma', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, 0.5723649429247],
    [1.5, -0.12078223763524526],
    [3.7, 1.428072326665388],
    [20.25, 40.08411059791735],
    [150.5, 602.5139548705853],
  ])('logGamma(%d) is scipy.special.gammaln', (x, expected) => near(logGamma(x), expected));

  it.each([
    [0.5, 0.01, 0.11246291601828491, 0.887537083981715],
    [0.5, 8, 0.9999366575163338, 6.334248366623988e-5],
    [3, 2, 0.32332358381693654, 0.6766764161830634],
    [10, 30, 0.9999928782491372, 7.121750862815593e-6],
    [250, 200, 0.0003620704582896921, 0.9996379295417103],
    [250, 320, 0.9999785474668729, 2.1452533127201345e-5],
    [5000, 5100, 0.9206711189223811, 0.07932888107761896],
  ])('incompleteGamma(%d, %d) is gammainc and gammaincc', (a, x, lower, upper) => {
    near(incompleteGamma(a, x).lower, lower);
    near(incompleteGamma(a, x).upper, upper);
  });

  it('refuses what has no value', () => {
    expect(() => incompleteGamma(0, 1)).toThrow('a > 0');
    expect(() => incompleteGamma(1, Number.NaN)).toThrow('x >= 0');
    expect(() => logGamma(-1)).toThrow('x > 0');
    expect(() => normalQuantile(1)).toThrow('(0, 1)');
    expect(() => chiSquareThreshold(0, 3)).toThrow('(0, 1)');
    expect(() => betaCdf(2, 1, 1)).toThrow('[0, 1]');
    expect(() => kolmogorovTail(1.5, 0.2)).toThrow('whole');
  });
});

describe('chi-square', () => {
  it.each([
    [20, 3, 0.00016974243555282632],
    [16.919, 9, 0.049999640848349826],
    [0.001, 1, 0.9747728793699604],
    [400, 300, 9.678621994933555e-5],
    [150, 9, 8.819629954805395e-28],
  ])('tail(%d, %d) is scipy.stats.chi2.sf', (x, degrees, expected) => {
    near(chiSquareTail(x, degrees), expected);
    expect(chiSquareCdf(x, degrees)).toBeCloseTo(1 - expected, 12);
  });

  it.each([
    [0.05, 9, 16.91897760462045],
    [0.01, 9, 21.665994333461928],
    [1e-6, 19, 63.677052285677995],
    [0.5, 300, 299.33359734921805],
  ])('threshold(%d, %d) is chi2.isf', (alpha, degrees, expected) => near(chiSquareThreshold(alpha, degrees), expected));
});

describe('normal', () => {
  it.each([
    [-3, 0.9986501019683699],
    [0.1, 0.460172162722971],
    [1.96, 0.024997895148220435],
    [8, 6.22096057427174e-16],
    [30, 4.906713927147908e-198],
  ])('tail(%d) is scipy.stats.norm.sf', (z, expected) => {
    near(normalTail(z), expected);
    near(normalCdf(-z), expected);
  });

  it.each([
    [0.975, 1.959963984540054],
    [1e-10, -6.361340902404056],
    [0.3, -0.5244005127080409],
    [1e-300, -37.0470962993612],
    [0.5, 0],
  ])('quantile(%d) is norm.ppf', (p, expected) => expect(normalQuantile(p)).toBeCloseTo(expected, 11));
});

describe('beta', () => {
  it.each([
    [0.3, 2, 5, 0.5798250000000003],
    [0.9, 90, 11, 0.5831555122664921],
    [0.01, 0.5, 0.5, 0.06376856085851985],
    [0.5, 1000, 1010, 0.588269827543728],
  ])('cdf(%d, %d, %d) is scipy.stats.beta.cdf', (x, a, b, expected) => near(betaCdf(x, a, b), expected, 1e-11));

  it('quantile is beta.ppf: the Clopper-Pearson interval of 90 of 100', () => {
    near(betaQuantile(0.025, 90, 11), 0.8237774022599773);
    near(betaQuantile(0.975, 91, 10), 0.9509953107785141);
  });
});

describe('Kolmogorov', () => {
  it.each([
    [0.2, 0.999999999999495],
    [0.5, 0.9639452436648751],
    [0.99, 0.2808738392255489],
    [1, 0.26999967167735456],
    [1.01, 0.25943416909359746],
    [1.5, 0.022217962616525127],
    [2, 0.0006709252557796953],
    [5, 3.8574996959278356e-22],
  ])('limit tail(%d) is scipy.special.kolmogorov', (x, expected) => near(kolmogorovLimitTail(x), expected));

  it.each([
    [0.1, 1.2238478702170823],
    [0.05, 1.3580986393225507],
    [0.01, 1.6276236115189504],
    [0.001, 1.9494746035043753],
  ])('limit threshold(%d) is kolmogi', (alpha, expected) => near(kolmogorovLimitThreshold(alpha), expected));

  it.each([
    [5, 0.15, 0.9988],
    [5, 0.5, 0.112],
    [10, 0.05, 1],
    [10, 0.3, 0.27053557479999946],
    [10, 0.41, 0.04932075782870493],
    [10, 0.95, 1.9531250000000172e-13],
    [10, 0.92, 2.1474836479999892e-11],
    [50, 0.1, 0.6623112704658186],
    [100, 0.05, 0.9532159710635725],
    [100, 0.3, 1.7719869892662917e-8],
    [140, 0.2, 2.1981563302200222e-5],
    [200, 0.03, 0.991436524714942],
    [200, 0.06, 0.45015844138021865],
    [200, 0.1, 0.03411035080315383],
    [500, 0.02, 0.9859871786857471],
    [500, 0.06, 0.05243463489026223],
    [500, 0.2, 5.256835361945869e-18],
    [2500, 0.02, 0.2664504478465197],
    [2500, 0.05, 7.1667929173507955e-6],
    [50_000, 0.003, 0.7579000443487147],
    [500_000, 0.001, 0.6989801443663661],
  ])('finite tail(n = %d, d = %d) is scipy.stats.kstwo.sf', (n, d, expected) =>
    near(kolmogorovTail(n, d), expected, 1e-10),
  );

  it.each([
    [50_000, 0.006, 0.05442749636006261],
    [50_000, 0.01, 9.018048811843602e-5],
  ])('beyond the exact sum (n = %d, d = %d) the approximation keeps three digits', (n, d, expected) =>
    near(kolmogorovTail(n, d), expected, 5e-4),
  );

  it.each([
    [0.05, 10, 0.4092460847775048],
    [0.05, 100, 0.13402791648569778],
    [0.05, 500, 0.06039229379650354],
  ])('threshold(%d, n = %d) is kstwo.isf', (alpha, n, expected) =>
    near(kolmogorovThreshold(alpha, n), expected, 1e-10),
  );

  it('threshold inverts the tail far out, where scipy 1.17.1 stops early', () =>
    near(kolmogorovTail(500, kolmogorovThreshold(1e-6, 500)), 1e-6));

  it.each([
    [10, 0.3, 0.1354635556],
    [500, 0.1, 4.1711465336317664e-5],
    [20_000, 0.02, 1.1090635035024872e-7],
  ])('one-sided tail(%d, %d) is scipy.special.smirnov', (n, d, expected) => near(smirnovTail(n, d), expected, 1e-10));
});

describe('Cramer-von Mises', () => {
  it.each([
    [0.02, 0.9969993856983981],
    [0.1, 0.5848734384067971],
    [0.3, 0.13517126880510733],
    [0.743, 0.010025523981498807],
    [2, 1.2780736265760595e-5],
  ])('limit tail(%d) is 1 - scipy.stats._hypotests._cdf_cvm_inf', (x, expected) =>
    expect(Math.abs(cramerVonMisesLimitTail(x) - expected)).toBeLessThan(1e-12),
  );

  it.each([
    [0.01, 6.227707994041582],
    [0.5, 1.5832939515157707],
    [3, 0.7041397945021686],
    [50, 0.17691661213490456],
  ])('scaledBesselK(1/4, %d) is scipy.special.kve', (x, expected) => near(scaledBesselK(0.25, x), expected));
});
