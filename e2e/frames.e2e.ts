// Real DeepPCB pairs through the station's judging path and through the whole line: both give the card's figure.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { absent, suite } from './check.js';
import { startDemo } from './demo-process.js';

const title = 'real frames';
const root = join(import.meta.dirname, '..');
const pairs = process.env['DEEPPCB_TEST'] ?? join(root, '../shared/data/deeppcb/test');
if (!existsSync(pairs)) absent(title, 'the DeepPCB data set (set DEEPPCB_TEST to its test folder)');

await suite(title, async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'frames-'));
  const file = join(folder, 'evaluate.json');
  execFileSync(
    process.execPath,
    ['tools/run.mjs', 'apps/manufacturing-inspection/src/evaluate/main.ts', '--data', pairs, '--json', file],
    { cwd: root, stdio: 'inherit' },
  );
  const { detection: evaluated } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly detection: { readonly map: number };
  };
  check('evaluate reaches 97.0 mAP', evaluated.map >= 0.97, `mAP ${(evaluated.map * 100).toFixed(2)}`);
  const card = readFileSync(join(root, 'models/bundles/pcb-defects/card.md'), 'utf8');
  check("the card's figure is the one that evaluate prints", card.includes((evaluated.map * 100).toFixed(2)));

  const demo = await startDemo(['--no-hub', '--frames', pairs, '--rate', '4', '--report', '{folder}/report.json']);
  const code = await demo.exited;
  check('the line judges all pairs and stops by itself', code === 0, code === 0 ? '' : demo.output().slice(-3_000));
  const report = (await demo.readJson('report.json')) as {
    readonly parts: { readonly presented: number; readonly escapesOfTheSystem: number };
    readonly detection: { readonly map: number; readonly pictures: number };
    readonly station: { readonly abstained: number };
  };
  const { presented } = report.parts;
  const { pictures } = report.detection;
  check(
    'every picture comes to the gate, and nearly all are judged',
    presented === 250 && pictures >= 240,
    `${presented} at the gate, ${pictures} judged`,
  );
  // Records keep rounded scores, so equal scores may change places. A board that was not judged in time has no detections.
  const abstained = report.station.abstained + presented - pictures;
  const off = Math.abs(report.detection.map - evaluated.map);
  check(
    'the line gives the same mAP as evaluate',
    off < 1e-3 || (abstained > 0 && off < abstained / 50),
    `${report.detection.map} against ${evaluated.map}, ${abstained} not judged`,
  );
  check('the system lets nothing through', report.parts.escapesOfTheSystem === 0);
  await demo.remove();
  rmSync(folder, { recursive: true, force: true });
});
