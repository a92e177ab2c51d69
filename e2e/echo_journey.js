// A line test with the echo of picture and sound, through a real Janus and a camera that Chromium makes up. Passed over where
// Janus is not installed, or where the machine has no interface but its own loopback: Janus does not talk over that one.
'use strict';
const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { journey, phone, signIn, expect } = require('./stage');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'diemcau-janus-'));
const janus = (action) => execFileSync('sh', [path.join(__dirname, '..', 'tools', 'janus.sh'), action, dir], { stdio: 'ignore' });
const hasNetwork = Object.values(os.networkInterfaces()).flat().some((one) => !one.internal && one.family === 'IPv4');
if (hasNetwork) janus('start');
if (!fs.existsSync(path.join(dir, 'url'))) {
  console.log('ok    passed over: no Janus, or no network interface for it');
  process.exit(0);
}
process.on('exit', () => { janus('stop'); fs.rmSync(dir, { recursive: true, force: true }); });

journey('a line test with its echo', {
  clock: '2026-05-22T14:10', options: ['--janus', fs.readFileSync(path.join(dir, 'url'), 'utf8').trim(), '--janus-secret', path.join(dir, 'secret')],
}, async (stage) => {
  const desk = await phone(stage, 'may-tinh', { width: 1280, height: 800,
    args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection'] });
  await signIn(stage, desk, 'tinh-chuyen-vien');
  await desk.goto('/lop');
  const course = await desk.locator('main table a[href^="/lop/"]').first().getAttribute('href');
  await desk.goto(`${course}/diem-cau`);
  await desk.goto(`${await desk.locator('main a[href^="/diem-cau/"]').first().getAttribute('href')}/kiem-tra`);
  const began = Date.now();
  await desk.click('[data-line-start]');
  await desk.waitForFunction(() => /^Đo xong/.test(document.querySelector('[data-line-status]').textContent), null, { timeout: 30000 });
  const took = Date.now() - began;
  const figures = await desk.$$eval('[data-line-figure] input', (all) => Object.fromEntries(all.map((one) => [one.name, one.value])));
  const seen = await desk.$$eval('[data-line-form] input[type=hidden]', (all) => Object.fromEntries(all.map((one) => [one.name, one.value])));
  console.log(`      ${took} ms: ${JSON.stringify({ ...seen, ...figures, csrf: undefined, fact_id: undefined })}`);
  expect(took < 15000, 'delay, loss, both rates, camera, microphone and the echo are measured within 15 s');
  expect((seen.echo || figures.echo) === 'ok', 'picture and sound came back through Janus');
});
