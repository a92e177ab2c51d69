// The roll's pages without a network: each page of a point that was seen is kept with what it loads, and shown again when
// the line is gone. Only pages are answered from here, never data: what is said about the marks comes from the page's own
// store, which knows since when (roll.js). Served as /diem-danh/sw.js, so that it sees that folder and nothing else.
'use strict';
const PAGES = 'diem-danh-trang';
const FILES = 'diem-danh-tep';
const FILES_MAX = 80;
// On a line that is there but hardly moves, the kept page is shown after so long.
const PATIENCE_MS = 3000;

const isRollPage = (path) => /^\/diem-danh\/\d+\/\d+$/.test(path);
const pointOf = (path) => path.split('/')[2];

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// Says in the page itself that it is a kept one, and so no word of it is new.
async function asKept(response) {
    const text = await response.text();
    return new Response(text.replace('<html ', '<html data-kept '), { status: 200, headers: response.headers });
}

async function keptPage(path) {
    const pages = await caches.open(PAGES);
    const exact = await pages.match(path);
    if (exact) return asKept(exact);
    // Another half-day of the same point: the script fills it from the package.
    for (const request of await pages.keys())
        if (pointOf(new URL(request.url).pathname) === pointOf(path)) return asKept(await pages.match(request));
    return null;
}

const noPage = () => new Response(
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Không có mạng</title>' +
    '<h1>Không có mạng</h1><p>Trang điểm danh của điểm cầu này chưa được lưu trên máy. Xin mở lại khi có mạng; các lượt đã ghi vẫn còn trên máy.</p>',
    { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" } });

async function fromNetwork(request, path) {
    const response = await fetch(request);
    if (response.ok && !response.redirected && (response.headers.get('Content-Type') || '').startsWith('text/html'))
        await (await caches.open(PAGES)).put(path, response.clone());
    return response;
}

async function page(event, path) {
    const fresh = fromNetwork(event.request, path);
    event.waitUntil(fresh.catch(() => {}));
    const kept = () => keptPage(path);
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    try {
        const first = await Promise.race([fresh, patience]);
        if (!first) return (await kept()) || await fresh;
        // A server that is down behind a proxy still answers; what it says is no page.
        return first.status >= 502 ? (await kept()) || first : first;
    } catch {
        return (await kept()) || noPage();
    }
}

// Their addresses hold a digest of what they are: what was kept once is right for ever.
async function file(request) {
    const files = await caches.open(FILES);
    const kept = await files.match(request.url);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok) await files.put(request.url, response.clone());
    return response;
}

self.addEventListener('fetch', (event) => {
    const url = new URL(event.request.url);
    if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
    if (event.request.mode === 'navigate' && isRollPage(url.pathname)) event.respondWith(page(event, url.pathname));
    else if (url.pathname.startsWith('/t/')) event.respondWith(file(event.request));
});

// {keep: page address, files: [addresses]}: what a page needs to be shown again; {drop: point}: forget its pages.
async function keep({ keep: path, files: needed, html }) {
    const files = await caches.open(FILES);
    for (const url of needed) if (!(await files.match(url))) await files.add(url);
    const keys = await files.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - FILES_MAX))) await files.delete(old);
    const pages = await caches.open(PAGES);
    if (!html && !(await pages.match(path))) await pages.add(new Request(path, { credentials: 'same-origin' }));
}
async function drop({ drop: point }) {
    const pages = await caches.open(PAGES);
    for (const request of await pages.keys())
        if (pointOf(new URL(request.url).pathname) === String(point)) await pages.delete(request);
}
self.addEventListener('message', (event) => {
    const said = event.data || {};
    const done = said.keep ? keep(said) : said.drop ? drop(said) : Promise.resolve();
    event.waitUntil(done.then(() => event.ports[0]?.postMessage('done'), (error) => event.ports[0]?.postMessage(String(error))));
});
