// Follows every sort of link that each role can reach, on a desktop and on a phone: no page may answer with an error, be
// wider than the window, weigh too much, speak English, or keep people out (axe). DIEMCAU_PICTURES names a folder for
// pictures of what was seen, DIEMCAU_SCALE the size of the demo.
'use strict';
const fs = require('fs');
const path = require('path');
const { journey, person, signIn, inspect, expect } = require('./stage.js');

const PAGES_PER_ROLE = 45;
const SAME_SORT = 1; // pages seen of one sort of address
const pictures = process.env.DIEMCAU_PICTURES;
const english = /\b(the|and|error|submit|loading|undefined|null|nan|true|false|search|filter|todo|invalid|not found|internal)\b/i;

// Addresses that differ only in numbers and values lead to pages of one sort.
function sortOf(url) {
  const keys = [...url.searchParams.keys()].filter((key) => key !== 'trang').sort();
  return url.pathname.replace(/[0-9a-f]{8,}|\d+/g, 'N') + (keys.length ? `?${keys.join('&')}` : '');
}

async function linksOf(page) {
  const links = await page.$$eval('a[href]', (all) => all.filter((a) => !a.hasAttribute('download')).map((a) => a.href));
  return links.map((link) => new URL(link)).filter((url) =>
    url.origin === new URL(page.url()).origin && !/\.(csv|ics|xlsx|pdf|docx)$|\/(tep|tai-ve|csv|ics)(\/|$)|dinh-dang=/.test(url.pathname + url.search));
}

async function look(stage, page, name) {
  await inspect(stage, page, name);
  const text = await page.evaluate(() => document.body.innerText);
  const found = english.exec(text.replace(/https?:\S+|[\w.+-]+@[\w.-]+/g, ''));
  if (found) stage.problems.push(`${name}: says "${text.slice(Math.max(0, found.index - 30), found.index + 30).replace(/\s+/g, ' ')}"`);
  if (!(await page.locator('h1').count())) stage.problems.push(`${name}: has no title`);
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: !/-(phone|wall)$/.test(name) });
}

async function walk(stage, account) {
  const page = await person(stage);
  const phone = await person(stage, { width: 360, height: 740, touch: true });
  await signIn(stage, page, account.role);
  await phone.context().addCookies(await page.context().cookies());
  const seen = new Map();
  const queue = [new URL(page.url())];
  let count = 0;
  while (queue.length && count < PAGES_PER_ROLE) {
    const url = queue.shift();
    const sort = sortOf(url);
    if ((seen.get(sort) || 0) >= SAME_SORT) continue;
    seen.set(sort, (seen.get(sort) || 0) + 1);
    // A list as a file is for the download folder, not for the eye.
    const answer = await page.goto(url.href).catch((error) => (/Download is starting/.test(error) ? null : { status: () => `${error}` }));
    if (!answer) continue;
    const name = `${account.role} ${url.pathname}${url.search}`;
    if (answer.status() !== 200) {
      stage.problems.push(`${name}: answered ${answer.status()}`);
      continue;
    }
    count++;
    const file = `${account.role}${url.pathname.replace(/\//g, '_')}${url.search.replace(/\W/g, '_')}`.slice(0, 90);
    await look(stage, page, name);
    await picture(page, `${file}-desktop`);
    await phone.goto(url.href);
    await look(stage, phone, `${name} (phone)`);
    await picture(phone, `${file}-phone`);
    queue.push(...(await linksOf(page)));
  }
  await page.context().close();
  await phone.context().close();
  return count;
}

// What a first visit fetches, compressed as it comes.
async function weigh(stage, role) {
  const page = await person(stage);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; });
  await signIn(stage, page, role);
  await page.waitForLoadState('networkidle').catch(() => {});
  await page.context().close();
  return bytes;
}

if (pictures) fs.mkdirSync(pictures, { recursive: true });
journey('look', { scale: process.env.DIEMCAU_SCALE || 'small' }, async (stage) => {
  const roles = [...new Map(stage.accounts.map((one) => [one.role, one])).values()];
  for (const account of roles) {
    const count = await walk(stage, account);
    expect(count >= 2, `${account.role} finds a way through ${count} sorts of pages`);
  }
  const bytes = await weigh(stage, roles[roles.length - 1].role);
  expect(bytes < 2 * 100 * 1024, `sign-in and first page together weigh ${Math.round(bytes / 1024)} KB`);
});
