import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositorySource } from '../testing/repository-source.js';
import { checkOptions } from './check-options.js';
import { starterFiles } from './starter-files.js';

const source = repositorySource();
const { root } = source;
const generate = (input: object) => {
  const files = starterFiles(
    source,
    checkOptions({ name: '@acme/line-3', target: ['cpu'], ...input }, source.catalog, root),
  );
  const text = (path: string): string => files.get(path)?.toString('utf8') ?? '';
  return { files, text, json: (path: string) => JSON.parse(text(path) || 'null') };
};

describe('starterFiles', () => {
  const line = generate({ blueprint: 'manufacturing-inspection', mes: 'http://mes:8080/cfx', plcRole: 'client' });

  it('has the files of a workspace that stands alone', () => {
    const names = [...line.files.keys()].filter((path) => !/^(vendor|bundles)\//.test(path)).sort();
    expect(names).toMatchInlineSnapshot(`
      [
        ".dockerignore",
        ".github/workflows/ci.yml",
        ".gitignore",
        ".npmrc",
        "Dockerfile",
        "README.md",
        "apps/rig/project.json",
        "apps/rig/src/main.ts",
        "apps/rig/src/rig.spec.ts",
        "apps/rig/src/rig.ts",
        "apps/rig/src/start-part.ts",
        "apps/rig/src/stations.ts",
        "apps/rig/tsconfig.json",
        "apps/station/project.json",
        "apps/station/src/bundle.spec.ts",
        "apps/station/src/config.spec.ts",
        "apps/station/src/healthcheck.ts",
        "apps/station/src/main.ts",
        "apps/station/tsconfig.json",
        "config/station.cpu.json",
        "deploy/cpu/compose.yaml",
        "deploy/cpu/line-3.service",
        "docs/acceptance-test-plan.md",
        "docs/device-identity.md",
        "docs/install-offline.md",
        "docs/runbook.md",
        "docs/targets/cpu.md",
        "nx.json",
        "package-lock.json",
        "package.json",
        "tsconfig.base.json",
      ]
    `);
  });

  it('brings packages, model and keys along and points nowhere else', () => {
    const { dependencies, devDependencies } = line.json('package.json');
    for (const place of Object.values<string>(dependencies))
      expect(line.files.has(place.slice('file:'.length))).toBe(true);
    expect(devDependencies['@edge-blueprints/rigs']).toMatch(/^file:vendor\//);
    expect(dependencies['@edge-blueprints/rigs']).toBeUndefined();
    expect(line.files.has('bundles/pcb-defects-rendered/bundle.json')).toBe(true);
    for (const [path, bytes] of line.files) {
      if (path.startsWith('bundles/') || path.startsWith('vendor/')) continue;
      expect(bytes.toString('utf8'), path).not.toMatch(/<%|%>|\{\{|\.\.\/models|tools\/run\.mjs apps/);
    }
  });

  it('locks every dependency with its integrity', () => {
    const { packages } = line.json('package-lock.json');
    const loose = Object.entries<{ integrity?: string; inBundle?: boolean }>(packages).filter(
      ([place, entry]) => place !== '' && entry.integrity === undefined && entry.inBundle !== true,
    );
    expect(loose.map(([place]) => place)).toEqual([]);
    expect(packages['node_modules/onnxruntime-node']).not.toHaveProperty('dev');
    expect(packages['node_modules/nx']).toMatchObject({ dev: true });
  });

  it('carries the options into the configuration', () => {
    expect(line.json('config/station.cpu.json')).toMatchObject({
      station: { id: 'line-3', simulated: false },
      mes: { url: 'http://mes:8080/cfx' },
      plc: { role: 'client' },
      bundle: { folder: '../bundles/pcb-defects-rendered' },
    });
  });

  it('names nothing outside of the workspace in a configuration, lists of cameras included', () => {
    const store = generate({ blueprint: 'retail-analytics' });
    expect(store.text('config/store.cpu.json')).not.toContain('../../');
    // The folder of the configuration is read-only on a device, and plans are edited on the page.
    expect(store.json('config/store.cpu.json').plan).toBe('../.data/store/plan.json');
    expect(store.json('config/store.cpu.json').cameras[0].calibration).toBe('../.data/store/calibration-entrance.json');
  });

  it('installs in the image what the app starts beside Node.js, and keeps keys and PINs out of it', () => {
    expect(line.text('Dockerfile')).toContain('SYSTEM_PACKAGES="ffmpeg"');
    const ward = generate({ blueprint: 'ward-monitoring' });
    expect(ward.text('Dockerfile')).toContain('SYSTEM_PACKAGES="chrony"');
    expect(ward.text('.dockerignore').split('\n')).toEqual(expect.arrayContaining(['**/*.pem', '**/users.json']));
  });

  it('asks the accelerator of a target over the protocol, and tells what is untested', () => {
    const orin = generate({ blueprint: 'manufacturing-inspection', target: ['jetson-orin-nx'] });
    expect(orin.json('config/station.jetson-orin-nx.json').fog.engine.url).toBe('http://127.0.0.1:8500');
    expect(orin.text('deploy/jetson-orin-nx/compose.yaml')).toMatch(/Untested here[^]+nvcr\.io\/nvidia\/l4t-jetpack/);
    expect(orin.text('.dockerignore')).not.toMatch(/^sidecar$/m);
    expect(orin.text('docs/targets/jetson-orin-nx.md')).toContain('**published**');
  });

  it('brings the sidecar along where the accelerator needs it, with the command for it, and only there', () => {
    const { files, text, json } = generate({ blueprint: 'manufacturing-inspection', target: ['cpu', 'hailo-8l'] });
    const sidecar = [...files.keys()].filter((path) => path.startsWith('sidecar/'));
    expect(sidecar).toContain('sidecar/__main__.py');
    expect(sidecar).toContain('sidecar/backends/hailo.py');
    expect(sidecar.filter((path) => !path.endsWith('.py'))).toEqual(['sidecar/Dockerfile']);
    const command =
      '--backend hailo --bundle bundles/pcb-defects-rendered --variant int8-640 ' +
      '--artefact deploy/hailo-8l/models/model.hef --tail deploy/hailo-8l/models/tail.onnx ' +
      '--parity-factor 1 --parity-outlier-share 0';
    expect(text('docs/targets/hailo-8l.md')).toContain(`python3 -m sidecar ${command} --check`);
    expect(text('deploy/hailo-8l/line-3-sidecar.service')).toContain(
      `ExecStart=/usr/bin/python3 -m sidecar ${command}\n`,
    );
    const parity = { factor: 1, outlierShare: 0 };
    expect(json('config/station.hailo-8l.json').fog).toMatchObject({ variant: 'int8-640', parity });
    expect(text('docs/targets/cpu.md')).not.toContain('sidecar');
    expect([...line.files.keys()].filter((path) => /sidecar/.test(path) && !/^vendor/.test(path))).toEqual([]);
  });

  it('judges by the gate of a route where its compiler chooses the integers, and by the bundle alone elsewhere', () => {
    const { json, text } = generate({
      blueprint: 'manufacturing-inspection',
      target: ['coral-dev-board', 'jetson-orin-nx', 'meteor-lake-npu', 'cloud-ai-100'],
    });
    const parity = { factor: 2.5, outlierShare: 0.01 };
    expect(json('config/station.coral-dev-board.json').fog).toMatchObject({ parity });
    expect(text('docs/targets/coral-dev-board.md')).toContain(
      '--parity-factor 2.5 --parity-outlier-share 0.01 --check',
    );
    // A command of a compose file holds strings only.
    expect(text('deploy/jetson-orin-nx/compose.yaml')).toContain(
      "--parity-factor, '2.5', --parity-outlier-share, '0.01']",
    );
    for (const target of ['meteor-lake-npu', 'cloud-ai-100']) {
      expect(json(`config/station.${target}.json`).fog).not.toHaveProperty('parity');
      expect(text(`docs/targets/${target}.md`)).not.toContain('--parity');
    }
  });

  it('asks for the same packages in the image of the sidecar as its tests ran with', () => {
    const packages = /^ARG SIDECAR_PACKAGES="([^"]+)"/m.exec(
      readFileSync(join(root, 'models/sidecar/Dockerfile'), 'utf8'),
    )?.[1];
    const lock = readFileSync(join(root, 'models/sidecar/requirements.lock'), 'utf8');
    for (const each of packages?.split(' ') ?? ['']) expect(lock).toContain(`${each} `);
  });

  it('gives the same bytes again', () => {
    const again = generate({ blueprint: 'manufacturing-inspection', mes: 'http://mes:8080/cfx', plcRole: 'client' });
    expect([...again.files].filter(([path, bytes]) => line.files.get(path)?.equals(bytes) !== true)).toEqual([]);
    expect(again.files.size).toBe(line.files.size);
  });
});
