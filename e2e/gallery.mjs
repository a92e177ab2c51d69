// Takes pictures of the gallery (every component, made-up figures) and lets axe look for what keeps people out.
// usage: node e2e/gallery.mjs BUILD_DIR PICTURES_DIR
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [build, pictures] = process.argv.slice(2);
if (!build || !pictures) {
    console.error('usage: node e2e/gallery.mjs BUILD_DIR PICTURES_DIR');
    process.exit(2);
}
const folder = mkdtempSync(path.join(tmpdir(), 'gallery-'));
execFileSync(path.join(build, 'gallery'), [folder]);
mkdirSync(pictures, { recursive: true });

const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
const serve = (route) => {
    const name = new URL(route.request().url()).pathname.replace('/t/', '/').slice(1);
    if (name.includes('song'))
        return route.fulfill({ contentType: 'text/event-stream', body: 'retry: 100000\n\ndata: {"at":1779329565000,"set":{"done":"3.299"},"mark":{"08":"late"}}\n\n' });
    try {
        return route.fulfill({ contentType: types[path.extname(name)], headers: { 'content-security-policy': policy }, body: readFileSync(path.join(folder, name)) });
    } catch {
        return route.fulfill({ status: 404, body: '' });
    }
};

const views = [
    { name: 'desktop', width: 1280, height: 800 },
    { name: 'phone', width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
    { name: 'dark', width: 1280, height: 800, colorScheme: 'dark' },
];
const shots = [];
for (const page of ['lists', 'board', 'paper', 'sign-in'])
    for (const view of views) shots.push({ page, view });
shots.push({ page: 'wall', view: { name: 'projector', width: 1920, height: 1080 } });
shots.push({ page: 'wall', view: { name: 'projector-small', width: 1280, height: 720 } });
shots.push({ page: 'wall-grid', view: { name: 'projector', width: 1920, height: 1080 } });

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
let failures = 0;
for (const { page: name, view } of shots) {
    const context = await browser.newContext({ viewport: { width: view.width, height: view.height }, ...view, locale: 'vi-VN' });
    const page = await context.newPage();
    const troubles = [];
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') troubles.push(message.text()); });
    await page.route('**/*', serve);
    await page.goto(`http://gallery.localhost/${name}.html`);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(pictures, `${name}-${view.name}.png`), fullPage: !name.includes('wall') && view.name !== 'phone' });
    if (view.name === 'phone') await page.screenshot({ path: path.join(pictures, `${name}-${view.name}-all.png`), fullPage: true });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    if (wide) troubles.push('the page is wider than the screen');
    await page.evaluate(axeSource);
    const result = await page.evaluate(() => globalThis.axe.run());
    for (const v of result.violations)
        if (['serious', 'critical'].includes(v.impact)) troubles.push(`${v.id}: ${v.nodes.map((n) => n.html.slice(0, 140) + ' ' + (n.any[0]?.message || '')).slice(0, 3).join(' | ')}`);
        else console.log(`  note ${v.id} (${v.impact}): ${v.nodes[0].html.slice(0, 120)}`);
    console.log(`${troubles.length ? 'not ok' : 'ok'} ${name} ${view.name}`);
    for (const t of troubles) console.log('    ' + t);
    failures += troubles.length;
    await context.close();
}
await browser.close();
rmSync(folder, { recursive: true });
process.exit(failures ? 1 : 0);
