// stage: what every journey stands on: a fresh small installation, a server of its own, a browser, and a few verbs.
'use strict';
const { spawn, execFileSync } = require('child_process');
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const { chromium } = require('playwright-core');

const root = path.join(__dirname, '..');
const seatPassword = 'cau-thang-go-lim-bay-bac'; // of accounts that live as long as a journey
const chromiumPath = process.env.CHROMIUM || '/usr/bin/chromium';
const chromiumArgs = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const binary = process.env.DIEMCAU_BINARY || path.join(root, 'build', 'diemcau');

function get(url) {
  return new Promise((resolve, reject) => {
    http.get(url, (answer) => { answer.resume(); answer.on('end', () => resolve(answer.statusCode)); }).on('error', reject);
  });
}

// The port that the kernel gave: the server says it in its first log line.
function listeningPort(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr.on('data', (part) => {
      said += part;
      const found = /port=(\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    });
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

// An installation without papers or people: the nation's units, and passwords alone at the door.
async function found(data, clock) {
  fs.mkdirSync(data);
  const { server } = await serve(data, clock);
  server.kill('SIGTERM');
  await new Promise((resolve) => { server.on('exit', resolve); });
  execFileSync(binary, ['account', 'factor', 'rule', '--data', data, '--rule', 'khong'], { stdio: ['ignore', 'ignore', 'inherit'] });
}

// seats: further accounts, made from the console: { role (its name here), seat, login, name, unitCode, sort, reach }.
// options: further ones of `diemcau serve`. isEmpty: no demo, only the units.
async function open({ clock = '2026-05-20T08:30', scale = 'small', seats = [], options = [], isEmpty = false } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'diemcau-journey-'));
  const data = path.join(dir, 'data');
  if (isEmpty) await found(data, clock);
  else execFileSync(binary, ['demo', '--data', data, '--scale', scale, '--clock', clock], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (const one of seats)
    execFileSync(binary, ['account', 'add', '--data', data, '--login', one.login, '--name', one.name, '--unit-code', one.unitCode, '--sort', one.sort,
      '--role', one.seat, '--reach', one.reach || 'area', '--clock', clock, '--password-stdin'], { input: `${seatPassword}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
  const openedAt = Date.now();
  const { server, url } = await serve(data, clock, options);
  if ((await get(`${url}/healthz`)) !== 200) throw new Error('the server does not answer /healthz');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: chromiumArgs,
  });
  const accounts = [...(isEmpty ? [] : readAccounts(path.join(data, 'accounts.txt'))), ...seats.map((one) => ({ ...one, password: seatPassword }))];
  return { dir, data, url, server, browser, accounts, problems: [], phones: [], clockAhead: Date.parse(`${clock}+07:00`) - openedAt };
}

async function serve(data, clock, options = []) {
  const server = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--clock', clock, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = `http://127.0.0.1:${await listeningPort(server)}`;
  server.stderr.resume();
  return { server, url };
}

const ended = (server) => new Promise((resolve) => { if (server.exitCode !== null || server.signalCode !== null) resolve(); else server.on('exit', resolve); });

// The power button: no goodbye, and up again on the same folder, at another port.
async function killAndServe(stage, clock) {
  stage.server.kill('SIGKILL');
  await ended(stage.server);
  Object.assign(stage, await serve(stage.data, clock));
}

// accounts.txt: a line an account, tab-separated: role, login, password, unit.
function readAccounts(file) {
  return fs.readFileSync(file, 'utf8').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
    const [role, login, password, unit] = line.split('\t');
    return { role, login, password, unit };
  });
}

async function close(stage) {
  for (const context of stage.phones) await context.close().catch(() => {});
  await stage.browser.close();
  stage.server.kill('SIGTERM');
  await ended(stage.server);
  execFileSync(binary, ['check', '--data', stage.data], { stdio: ['ignore', 'ignore', 'inherit'] });
  fs.rmSync(stage.dir, { recursive: true, force: true });
}

// A person at a screen: a window of its own, whose console errors and policy reports are problems.
async function person(stage, { width = 1280, height = 800, touch = false, scripts = true } = {}) {
  const context = await stage.browser.newContext({
    baseURL: stage.url, viewport: { width, height }, hasTouch: touch, locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh',
    javaScriptEnabled: scripts,
  });
  return watched(stage, await context.newPage());
}

// A telephone with a browser of its own, whose storage outlives it: closed and opened again under the same name. Its clock
// is the server's, off by skewMs. args: of the browser (a camera that shows a file).
async function phone(stage, name, { skewMs = 0, args = [], width = 360, height = 740 } = {}) {
  const context = await chromium.launchPersistentContext(path.join(stage.dir, name), {
    executablePath: chromiumPath, args: [...chromiumArgs, ...args], baseURL: stage.url, viewport: { width, height }, hasTouch: true,
    locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', acceptDownloads: true,
  });
  stage.phones.push(context);
  await context.addInitScript((ahead) => {
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
      static now() { return Real.now() + ahead; }
    };
  }, stage.clockAhead + skewMs);
  return watched(stage, context.pages()[0] || await context.newPage());
}

// What a page complains of is a problem; a line that a journey cuts is not.
function watched(stage, page) {
  page.on('pageerror', (error) => stage.problems.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() === 'error' && !/status of (4|5)\d\d|ERR_INTERNET_DISCONNECTED/.test(text)) stage.problems.push(`${page.url()}: ${text}`);
  });
  return page;
}

async function signIn(stage, page, role) {
  const account = stage.accounts.find((one) => one.role === role);
  if (!account) throw new Error(`no demo account for ${role}`);
  await page.goto('/dang-nhap');
  await page.fill('input[name=login]', account.login);
  await page.fill('input[name=password]', account.password);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/dang-nhap')), page.click('main button[type=submit]')]);
  return account;
}

// Nothing serious by axe, no text in English of ours, nothing wider than the window.
async function inspect(stage, page, name) {
  const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const found = await page.evaluate(`(() => { ${axe}; return axe.run(document, { resultTypes: ['violations'] }); })()`);
  for (const one of found.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical'))
    stage.problems.push(`${name}: ${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ')}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 1) stage.problems.push(`${name}: ${overflow} px wider than the window`);
}

function expect(condition, sentence) {
  if (!condition) throw new Error(`not so: ${sentence}`);
  console.log(`ok    ${sentence}`);
}

// Runs one journey from an open stage to a clean end; any problem fails it.
async function journey(name, options, steps) {
  const stage = await open(options);
  let failure = null;
  try {
    await steps(stage);
  } catch (error) {
    failure = error;
  }
  try {
    await close(stage);
  } catch (error) {
    failure = failure || error;
  }
  for (const problem of stage.problems) console.error(`problem: ${problem}`);
  if (failure) console.error(failure);
  if (failure || stage.problems.length) process.exit(1);
  console.log(`${name}: done`);
}

module.exports = { journey, person, phone, signIn, inspect, expect, killAndServe };
