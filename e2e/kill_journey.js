// The server is killed again and again while telephones send their marks: requests are cut at any byte, answers are lost, batches
// come twice. Whatever was received is there once, and the roll is what the rule makes of all marks.
'use strict';
const crypto = require('crypto');
const http = require('http');
const { journey, person, signIn, expect, killAndServe } = require('./stage');
const { effective } = require('../src/page/assets/roll_core.js');

const CLOCK = '2026-05-23T07:30';
const KILLS = 12;
const DEVICES = 4;
const BATCHES = 20; // of each device: some thirty marks a line, far from the 64 that one may have
const BATCH = 15;
const MARKS = ['present', 'late', 'excused', 'absent'];

// A run can be had again: DIEMCAU_SEED.
let state = Number(process.env.DIEMCAU_SEED || Date.now() % 1e9);
console.log(`      seed ${state}`);
const random = (below) => { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor((state / 2147483648) * below); };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const id = () => crypto.createHash('sha256').update(`${state} ${random(1e9)}`).digest('hex').slice(0, 32);

// What a telephone tapped in a row, some taps taking an earlier one back.
function tap(device, learners, sessions) {
  const own = new Map();
  const marks = [];
  for (let n = 1; n <= BATCHES * BATCH; n++) {
    const session = sessions[random(sessions.length)].key;
    const learner = learners[random(learners.length)].id;
    const line = `${session} ${learner}`;
    const before = own.get(line);
    const one = { id: id(), session, learner, mark: MARKS[random(4)], reason: '', n, source: 'officer',
      at: Date.parse(`${CLOCK}+07:00`) + (n * DEVICES + device) * 60000, replaces: before && random(3) ? [before] : [] };
    own.set(line, one.id);
    marks.push(one);
  }
  return marks;
}

// One request; cutAt bytes of it when given. Resolves with the answer, or null when the line or the server died.
function post(stage, door, body, cutAt) {
  return new Promise((resolve) => {
    const text = Buffer.from(JSON.stringify(body));
    const request = http.request(`${stage.url}${door.send}`, { method: 'POST', headers: { 'content-type': 'application/json', 'content-length': text.length,
      cookie: door.cookie, 'x-csrf': door.csrf, origin: stage.url } }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('error', () => resolve(null));
      answer.on('close', () => {
        if (!answer.complete) return resolve(null);
        resolve({ status: answer.statusCode, json: answer.statusCode === 200 ? JSON.parse(Buffer.concat(parts).toString()) : null });
      });
    });
    request.on('error', () => resolve(null));
    if (cutAt === undefined) request.end(text);
    else request.write(text.subarray(0, cutAt), () => request.destroy());
  });
}

async function send(stage, door, device, marks, receipts) {
  const name = crypto.createHash('sha256').update(`device ${device}`).digest('hex').slice(0, 32);
  let tries = 0;
  const sendBatch = async (batch) => {
    for (;;) {
      const answer = await post(stage, door, { device: name, sent_at: Date.now() + stage.clockAhead, epoch: '', marks: batch });
      tries++;
      if (answer && answer.status === 200) return answer.json.receipts;
      if (answer && answer.status !== 503) throw new Error(`the upload was answered ${answer.status}`);
      await pause(20 + random(60));
    }
  };
  for (let from = 0; from < marks.length; from += BATCH) {
    const batch = marks.slice(from, from + BATCH);
    if (random(4) === 0) await post(stage, door, { device: name, sent_at: 0, epoch: '', marks: batch }, 1 + random(2000));
    for (const one of await sendBatch(batch)) receipts.push(one);
    if (random(5) === 0) for (const one of await sendBatch(batch)) if (one.state !== 'already') throw new Error(`sent again: ${one.state}`);
  }
  return { name, tries };
}

journey('telephones send while the server is killed', {
  clock: CLOCK, seats: [{ role: 'can-bo', login: 'canbo.mot', name: 'Lò Thị Bích', seat: 'chuyen_vien', unitCode: '21025', sort: 'dang_uy_xa' }],
}, async (stage) => {
  const desk = await person(stage);
  await signIn(stage, desk, 'can-bo');
  await desk.goto('/diem-danh');
  const roll = await desk.locator('main a[href^="/diem-danh/"]').first().getAttribute('href');
  const point = roll.split('/')[2];
  const ask = async () => (await desk.request.get(`${stage.url}/diem-danh/${point}/goi.json?may=${'0'.repeat(31)}1`)).json();
  const first = await ask();
  const cookie = (await desk.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ');
  const door = { send: `/diem-danh/${point}/luot`, cookie, csrf: first.csrf };
  expect(first.learners.length >= 10 && first.sessions.length === 4, `${first.learners.length} learners in four half-days`);

  const taps = Array.from({ length: DEVICES }, (_, device) => tap(device, first.learners, first.sessions));
  const receipts = taps.map(() => []);
  let isDone = false;
  const devices = Promise.all(taps.map((marks, i) => send(stage, door, i, marks, receipts[i]))).then((all) => { isDone = true; return all; });
  let kills = 0;
  while (kills < KILLS && !isDone) {
    await pause(10 + random(120));
    await killAndServe(stage, CLOCK);
    kills++;
  }
  const sent = await devices;
  const count = DEVICES * BATCHES * BATCH;
  const all = receipts.flat();
  console.log(`      ${kills} kills, ${count} marks, ${sent.reduce((sum, one) => sum + one.tries, 0)} uploads for ${DEVICES * BATCHES} batches, ` +
    `${all.filter((one) => one.state === 'already').length} marks were stored although their answer was lost`);
  expect(kills >= 3, 'the server was killed while marks came');
  expect(all.length === count && all.every((one) => one.state === 'stored' || one.state === 'already'), 'every mark has its receipt');

  // What the rule makes of all marks, whatever order they came in.
  const lines = new Map();
  for (const one of taps.flat()) {
    const key = `${one.session} ${one.learner}`;
    lines.set(key, [...(lines.get(key) || []), { ...one, time: one.at }]);
  }
  const last = await ask();
  let differing = 0;
  for (const [key, marks] of lines) {
    const [session, learner] = key.split(' ');
    const line = effective(marks);
    const shown = (last.marks[session] || {})[learner];
    const isSame = shown && shown.mark === line.mark && shown.conflict === line.isConflict && shown.heads.slice().sort().join() === line.heads.join();
    if (!isSame) differing++;
  }
  expect(differing === 0, `${lines.size} lines stand as the rule makes them`);
  for (const one of sent) {
    const water = await (await desk.request.get(`${stage.url}/diem-danh/${point}/goi.json?may=${one.name}`)).json();
    expect(water.last[one.name] === BATCHES * BATCH, 'the running number of each telephone is where it stopped');
  }
});
