import { chromium } from 'playwright-core';
const url = process.argv[2] ?? '';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const out: string[] = [];
page.on('console', (m) => {
  if (m.type() === 'error' || m.type() === 'warning') out.push(`console ${m.type()} ${m.text()}`);
});
page.on('pageerror', (e) => out.push(`fault ${e.message}`));
page.on('requestfailed', (r) => out.push(`failed ${r.url()}`));
await page.addInitScript(
  `window.__shift=0;new PerformanceObserver((l)=>{for(const e of l.getEntries())if(!e.hadRecentInput){window.__shift+=e.value;}}).observe({type:'layout-shift',buffered:true});`,
);
const t0 = Date.now();
await page.goto(`${url}/#/`);
await page.waitForSelector('#verdict-strip');
process.stdout.write(`overview after ${Date.now() - t0} ms\n`);
await page.waitForTimeout(4000);
process.stdout.write(
  `paint ${await page.evaluate("performance.getEntriesByType('paint').map(e=>e.name+' '+Math.round(e.startTime)).join(', ')")}; shift ${await page.evaluate('window.__shift')}\n`,
);
process.stdout.write(`style elements: ${await page.evaluate("document.querySelectorAll('style').length")}\n`);
await page.keyboard.press('s');
await page.keyboard.press('ArrowLeft');
await page.keyboard.press('ArrowLeft');
await page.keyboard.press('ArrowUp');
process.stdout.write(
  `strip focus: ${await page.evaluate("document.activeElement.id + ' -> ' + document.activeElement.getAttribute('aria-activedescendant') + ' ' + document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.getAttribute('aria-label')")}\n`,
);
await page.keyboard.press('Enter');
await page.waitForSelector('#part-title');
process.stdout.write(`part: ${await page.locator('#part-title').textContent()} ${page.url()}\n`);
await page.keyboard.press('f');
await page.waitForTimeout(300);
await page.getByRole('button', { name: 'Overrule' }).click();
await page.locator('textarea').fill('dust on the lens');
await page.getByRole('button', { name: /^Overrule to/ }).click();
await page.getByLabel('PIN', { exact: false }).first().fill('9999');
await page.getByRole('button', { name: 'Sign in' }).last().click();
await page.waitForTimeout(500);
process.stdout.write(`wrong pin: ${await page.getByText('This PIN is not known').count()}\n`);
await page.getByLabel('PIN', { exact: false }).first().fill('1234');
await page.keyboard.press('Enter');
await page.waitForTimeout(1200);
process.stdout.write(
  `overruled: ${await page.getByText('Machine verdict').count()} dialogs ${await page.getByRole('dialog').count()}\n`,
);
await page.screenshot({ path: '/tmp/web-look/acts-overruled.png' });
await page.goto(`${url}/#/thresholds/1`);
await page.getByRole('slider').focus();
for (let n = 0; n < 20; n++) await page.keyboard.press('ArrowLeft');
await page.waitForTimeout(300);
await page.screenshot({ path: '/tmp/web-look/acts-moving.png' });
await page.locator('textarea').fill('shorts found at final test');
await page.getByRole('button', { name: 'Review the change' }).click();
await page.getByRole('button', { name: 'Move and hold the line' }).click();
await page.waitForTimeout(1200);
await page.screenshot({ path: '/tmp/web-look/acts-moved.png' });
process.stdout.write(`moved: ${await page.getByRole('status').allTextContents()}\n`);
await page.keyboard.press('4');
await page.getByRole('button', { name: 'Run golden check' }).click();
await page.waitForTimeout(700);
await page.screenshot({ path: '/tmp/web-look/acts-golden.png' });
await page.waitForTimeout(3500);
process.stdout.write(`golden: ${await page.locator('main').getByText('Passed').count()}\n`);
await page.keyboard.press('1');
await page.waitForTimeout(1000);
process.stdout.write(`shift at the end ${await page.evaluate('window.__shift')}\n`);
const small = await page.evaluate(
  `[...document.querySelectorAll('a,button,input,[role=slider]')].map(e=>[e.textContent.slice(0,24)||e.getAttribute('aria-label'),e.getBoundingClientRect()]).filter(([,r])=>r.width>0&&(r.height<43.5||r.width<43.5)).map(([n,r])=>n+' '+Math.round(r.width)+'x'+Math.round(r.height)).join('; ')`,
);
process.stdout.write(`small targets: ${small}\n`);
const client = await page.context().newCDPSession(page);
await client.send('HeapProfiler.collectGarbage');
const before = await client.send('Runtime.getHeapUsage');
await page.waitForTimeout(40000);
await client.send('HeapProfiler.collectGarbage');
const after = await client.send('Runtime.getHeapUsage');
process.stdout.write(
  `heap ${Math.round(before.usedSize / 1024)} -> ${Math.round(after.usedSize / 1024)} KiB in 40 s\n${out.join('\n')}\n`,
);
await browser.close();
