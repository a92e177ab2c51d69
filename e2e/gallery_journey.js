// Walks the gallery (every component, made-up figures): pictures on desktop, phone, dark and wall, what axe finds, and
// what the script adds. No server is needed. DIEMCAU_PICTURES names the folder to keep the pictures in.
'use strict';
const { execFileSync } = require('child_process');
const { mkdtempSync, mkdirSync, readFileSync, rmSync } = require('fs');
const { tmpdir } = require('os');
const path = require('path');
const { chromium } = require('playwright-core');

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const build = process.env.DIEMCAU_BUILD || path.join(__dirname, '..', 'build');
const folder = mkdtempSync(path.join(tmpdir(), 'diemcau-gallery-'));
const pictures = process.env.DIEMCAU_PICTURES || path.join(folder, 'pictures');
mkdirSync(pictures, { recursive: true });
execFileSync(path.join(build, 'gallery'), [folder]);

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

let failures = 0;

// The pictures, and what keeps people out.
async function look(browser) {
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
        const result = await page.evaluate(() => window.axe.run());
        for (const v of result.violations)
            if (['serious', 'critical'].includes(v.impact)) troubles.push(`${v.id}: ${v.nodes.map((n) => n.html.slice(0, 140) + ' ' + (n.any[0]?.message || '')).slice(0, 3).join(' | ')}`);
            else console.log(`  note ${v.id} (${v.impact}): ${v.nodes[0].html.slice(0, 120)}`);
        console.log(`${troubles.length ? 'not ok' : 'ok'} ${name} ${view.name}`);
        for (const t of troubles) console.log('    ' + t);
        failures += troubles.length;
        await context.close();
    }
}

// What the script adds, and that nothing is missing without it.
async function use(browser) {
    const check = (name, isTrue) => {
        console.log(`${isTrue ? 'ok' : 'not ok'} ${name}`);
        failures += isTrue ? 0 : 1;
    };
    const open = async (name, options = {}) => {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
        const page = await context.newPage();
        const posts = [];
        let bytes = 0;
        await context.route('**/*', (route) => {
            if (route.request().method() === 'POST') {
                posts.push(route.request().postData());
                return route.fulfill({ status: 303, headers: { location: `/${name}.html` } });
            }
            return serve(route);
        });
        page.on('response', async (response) => { bytes += (await response.body().catch(() => '')).length; });
        await page.goto(`http://gallery.localhost/${name}.html`);
        return { page, posts, context, bytes: () => bytes };
    };
    {
        const { page, posts, context } = await open('board');
        await page.getByRole('button', { name: 'Nhắc 23 xã' }).click();
        check('a question is asked before what cannot be taken back', (await page.getByRole('dialog').isVisible()) && posts.length === 0);
        await page.getByRole('dialog').getByRole('button', { name: 'Thôi' }).click();
        check('"Thôi" sends nothing', posts.length === 0);
        await page.getByRole('button', { name: 'Nhắc 23 xã' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Nhắc 23 xã' }).click();
        await page.waitForLoadState();
        check('agreeing sends the form once, with its token', posts.length === 1 && posts[0].includes('csrf=csrf-token'));
        await context.close();
    }
    {
        const { page, context } = await open('board');
        await page.waitForFunction(() => document.querySelector('.live').classList.contains('is-lost'));
        check('a board takes the new figure', (await page.locator('[data-live="done"]').first().textContent()) === '3.299');
        check('a tile takes the new state, shape included', (await page.locator('[data-live-mark="08"] use').getAttribute('href')) === '#mark-late');
        check('a lost line shows the time of the last figure', (await page.locator('.live').textContent()).includes('Mất kết nối · số liệu lúc 09:12:45'));
        const other = await context.newPage();
        await other.goto('http://gallery.localhost/board.html');
        await other.waitForTimeout(300);
        check('a second tab waits for the first one\'s stream', !(await other.locator('.live').textContent()).includes('Mất'));
        await page.close();
        await other.waitForFunction(() => document.querySelector('.live').classList.contains('is-lost'));
        check('the second tab takes the stream over when the first closes', (await other.locator('[data-live="done"]').first().textContent()) === '3.299');
        await context.close();
    }
    {
        const { page, posts, context } = await open('board', { javaScriptEnabled: false });
        await page.getByRole('button', { name: 'Nhắc 23 xã' }).click();
        check('forms are sent without scripts', posts.length === 1);
        check('nothing is shown that only scripts could do', (await page.locator('.needs-script:visible').count()) === 0);
        await context.close();
    }
    {
        const { page, context } = await open('paper');
        await page.locator('#f-points').fill('');
        await page.getByRole('button', { name: 'Gửi báo cáo' }).click();
        check('an empty field is asked for in Vietnamese', (await page.locator('#f-points').evaluate((e) => e.validationMessage)) === 'Xin điền mục này.');
        await page.locator('#f-paper').setInputFiles({ name: 'báo cáo.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') });
        check('the chosen file is named', (await page.locator('.file-name').textContent()) === 'báo cáo.pdf');
        await page.keyboard.press('Tab');
        await context.close();
    }
    {
        const { page, context } = await open('lists', { permissions: ['clipboard-read', 'clipboard-write'] });
        await page.getByRole('button', { name: 'Chép nội dung' }).click();
        check('the reminder is on the clipboard', (await page.evaluate(() => navigator.clipboard.readText())).startsWith('Kính gửi Thường trực'));
        await page.keyboard.press('Control+/');
        check('Ctrl+/ goes to the search', await page.evaluate(() => document.activeElement.type === 'search'));
        await page.goto('http://gallery.localhost/lists.html?tim=B%C3%ACnh&trang=2');
        check('filters are left by one link', (await page.getByRole('link', { name: 'Bỏ lọc' }).getAttribute('href')) === '/lists.html');
        await page.goto('http://gallery.localhost/lists.html');
        check('no filter, no link to leave it', (await page.getByRole('link', { name: 'Bỏ lọc' }).count()) === 0);
        await page.keyboard.press('Tab');
        check('the first stop of the keyboard skips to the content', await page.evaluate(() => document.activeElement.className === 'skip'));
        await context.close();
    }
}

async function main() {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
    try {
        await look(browser);
        await use(browser);
    } finally {
        await browser.close();
        rmSync(folder, { recursive: true, force: true });
    }
    if (failures) process.exit(1);
}

main().catch((error) => { console.error(error); process.exit(1); });
