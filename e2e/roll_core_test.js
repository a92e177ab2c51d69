// The roll's device without a page: its rule against the cases that the server's rule is held to, and random histories of
// three devices that are offline for two days, against a server that is killed, cut off and restored. DIEMCAU_HISTORIES
// says how many (default: 100.000, or as many as 20 seconds hold), DIEMCAU_SEED where the numbers begin.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { webcrypto } = require('crypto');
const core = require('../src/page/assets/roll_core.js');

let sentences = 0;
async function so(sentence, test) {
  await test();
  sentences++;
  console.log(`ok    ${sentence}`);
}

// xorshift32: the same seed is the same history.
function dice(seed) {
  let x = seed * 2654435761 >>> 0 || 1;
  const next = () => { x ^= x << 13; x >>>= 0; x ^= x >>> 17; x ^= x << 5; x >>>= 0; return x; };
  for (let i = 0; i < 4; i++) next();
  const below = (n) => next() % n;
  return { below, chance: (percent) => below(100) < percent, pick: (list) => list[below(list.length)],
    bytes: (array) => { for (let i = 0; i < array.length; i++) array[i] = next() >>> 11 & 255; return array; }, real: () => next() / 2 ** 32 };
}
const shuffled = (list, d) => {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) { const j = d.below(i + 1); [all[i], all[j]] = [all[j], all[i]]; }
  return all;
};

// ---- the rule ----

function readCases() {
  const text = fs.readFileSync(path.join(__dirname, '../src/roll/testdata/rule_cases.txt'), 'utf8');
  const id = (short) => short.padEnd(32, '0');
  const ids = (list) => (list === '-' ? [] : list.split(',').map(id));
  const cases = [];
  for (const line of text.split('\n')) {
    const [verb, ...rest] = line.split(' ');
    if (verb === 'case') cases.push({ words: rest.join(' '), marks: [] });
    else if (verb === 'mark')
      cases[cases.length - 1].marks.push({ id: id(rest[0]), mark: rest[1], time: Number(rest[2]), replaces: ids(rest[3]), reason: rest.slice(4).join(' ') });
    else if (verb === 'is')
      cases[cases.length - 1].is = { mark: rest[0], id: rest[1] === '-' ? '' : id(rest[1]), isConflict: rest[2] === 'conflict', heads: ids(rest[3]), reason: rest.slice(4).join(' ') };
  }
  return cases;
}

function permutations(list) {
  if (list.length < 2) return [list];
  return list.flatMap((one, i) => permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [one, ...rest]));
}

// ---- a server, as docs/roll-sync.md speaks of it ----

const SESSIONS = [82387, 82388];
const LEARNERS = [1, 2, 3, 4];
const KINDS = ['present', 'late', 'excused', 'absent', 'none'];

class Server {
  constructor(d) { this.d = d; this.stored = new Map(); this.epoch = 'e0'; this.aside = 0; }
  take(body, receivedAt) {
    const receipts = body.marks.map((wire) => this.takeOne(wire, body.device, receivedAt - body.sent_at));
    return { epoch: this.epoch, now: receivedAt, receipts, marks: this.snapshot(new Set(body.marks.map((one) => one.session))) };
  }
  takeOne(wire, device, offset) {
    const said = `${device} ${JSON.stringify(wire)}`;
    const old = this.stored.get(wire.id);
    if (old) return old.said === said ? { id: wire.id, state: 'already' } : { id: wire.id, state: 'set_aside', words: 'khác' };
    if (!LEARNERS.includes(wire.learner)) { this.aside++; return { id: wire.id, state: 'set_aside', words: 'Không có học viên này trong lớp' }; }
    this.stored.set(wire.id, { said, device, ...wire, time: wire.at + offset });
    return { id: wire.id, state: 'stored' };
  }
  snapshot(sessions) {
    const marks = {};
    const lists = new Map();
    for (const one of this.stored.values()) {
      const key = one.session * 100 + one.learner;
      if (lists.has(key)) lists.get(key).push(one);
      else lists.set(key, [one]);
    }
    for (const session of sessions) {
      marks[session] = {};
      for (const learner of LEARNERS) {
        const known = lists.get(session * 100 + learner);
        if (!known) continue;
        const is = core.effective(known);
        marks[session][learner] = { mark: is.mark, at: is.time, by: '', heads: is.heads, conflict: is.isConflict, reason: is.reason };
      }
    }
    return marks;
  }
  package(device, now) {
    let last = 0;
    for (const one of this.stored.values()) if (one.device === device && one.n > last) last = one.n;
    return { epoch: this.epoch, now, csrf: 'x', actor: 'Nguyễn Văn An', sessions: SESSIONS.map((key) => ({ key, starts_at: 0, closed: false })),
      learners: LEARNERS.map((id) => ({ id })), marks: this.snapshot(SESSIONS), last: { [device]: last } };
  }
  backup() { return new Map(this.stored); }
  restore(backup) { this.stored = new Map(backup); this.epoch += '+'; }
  roll() { return JSON.stringify(this.snapshot(SESSIONS)); }
}

// What a device keeps survives it: copies, as a database makes them.
class Disk extends core.MemoryStore {
  async add(mark) { await super.add(mark); this.marks.set(mark.id, { ...mark }); return mark; }
  async all(point) { return (await super.all(point)).map((one) => ({ ...one })); }
  async put(marks) { for (const one of marks) this.marks.set(one.id, { ...one }); }
}

const HOUR = 3600000;
const lineIsBroken = new Error('the line is broken'); // one for all: a trace for each would be most of the work

// One phone: its disk, its wrong clock, its line that breaks in every way a line can.
function makePhone(world, d, skew) {
  const phone = { disk: new Disk(), skew, line: 'off' };
  const now = () => world.now + phone.skew;
  const ask = async (method, what, body) => {
    const line = phone.line === 'bad' ? d.pick(['off', 'request cut', 'answer cut', 'killed', 'busy', 'portal', 'good', 'good']) : phone.line;
    if (line === 'off' || line === 'request cut') throw lineIsBroken;
    if (line === 'busy') return { status: 503, json: null };
    if (line === 'portal') return { status: 200, json: null };
    if (what === 'package') return { status: 200, json: world.server.package(body.may, world.now) };
    const sent = { ...body, marks: body.marks.map((one) => ({ ...one })) };
    if (line === 'killed') { // in the middle of the batch: the writer's transaction is gone
      const before = world.server.backup();
      world.server.take(sent, world.now);
      world.server.stored = before;
      throw lineIsBroken;
    }
    const answer = world.server.take(sent, world.now);
    if (line === 'answer cut') throw lineIsBroken; // committed, and the phone does not know
    return { status: 200, json: answer };
  };
  phone.boot = async () => {
    phone.device = new core.Device({ point: 1, store: phone.disk, ask, now, random: d.bytes });
    await phone.device.open();
  };
  phone.talk = async () => { try { return await phone.device.talk(); } catch { return 'lost'; } };
  return phone;
}

async function history(seed, { jumps = false } = {}) {
  const d = dice(seed);
  const world = { now: 1779494400000, server: null };
  world.server = new Server(d);
  const phones = [0, 1, 2].map(() => makePhone(world, d, d.below(4 * HOUR) - 2 * HOUR));
  for (const phone of phones) { await phone.boot(); phone.line = 'good'; await phone.talk(); phone.line = 'off'; }
  const made = [];
  let backup = null;
  const steps = 8 + d.below(16);
  for (let i = 0; i < steps; i++) {
    world.now += 1 + d.below(48 * HOUR / steps | 0);
    const phone = d.pick(phones);
    const dies = d.below(16);
    if (dies === 0) await phone.boot(); // closed and opened again
    if (dies === 1) { phone.line = 'bad'; phone.device.batchMax = 1 + d.below(4); await phone.talk(); phone.line = 'off'; }
    if (dies === 2 && !backup) backup = world.server.backup();
    if (dies === 3 && backup) { world.server.restore(backup); backup = null; }
    if (jumps && dies === 4) phone.skew = d.below(4 * HOUR) - 2 * HOUR;
    const mark = await phone.device.mark({ session: d.pick(SESSIONS), learner: d.chance(2) ? 99 : d.pick(LEARNERS), mark: d.pick(KINDS), reason: d.chance(20) ? 'ốm' : '' });
    made.push({ ...mark, trueAt: world.now });
  }
  // Everybody comes back, in any order, over a bad line first; then over a good one.
  for (const phone of shuffled([...phones, ...phones], d)) { phone.line = 'bad'; await phone.talk(); world.now += 1 + d.below(1000); }
  for (const phone of shuffled(phones, d)) { phone.line = 'good'; for (let i = 0; i < 3 && (await phone.talk()) !== 'done'; i++); }
  for (const phone of phones) await phone.talk();
  return { d, world, phones, made };
}

function sameRoll(seed, { d, world, phones, made }) {
  const valid = made.filter((one) => one.learner !== 99);
  const { server } = world;
  // Nothing lost, nothing doubled, nothing bad stored, and each phone has a receipt for each mark.
  assert.strictEqual(server.stored.size, valid.length, `seed ${seed}: marks on the server`);
  for (const one of valid) assert(server.stored.has(one.id), `seed ${seed}: a mark is lost`);
  for (const phone of phones) {
    assert.strictEqual(phone.device.unsent().length, 0, `seed ${seed}: unsent`);
    for (const one of phone.disk.marks.values())
      assert.strictEqual(one.state, one.learner === 99 ? 'set_aside' : 'stored', `seed ${seed}: receipt`);
  }
  // The roll is what the rule says of all marks at their true times, whoever came first.
  for (const session of SESSIONS) for (const learner of LEARNERS) {
    const all = valid.filter((one) => one.session === session && one.learner === learner).map((one) => ({ ...one, time: one.trueAt }));
    const must = core.effective(all);
    const entry = server.snapshot([session])[session][learner];
    assert.strictEqual(entry ? entry.mark : 'none', must.mark, `seed ${seed}: effective mark`);
    for (const phone of phones) {
      const line = phone.device.line(session, learner);
      assert.strictEqual(line.mark, must.mark, `seed ${seed}: what a phone shows`);
      assert.deepStrictEqual(line.heads, must.heads, `seed ${seed}: what a phone would replace`);
      assert.strictEqual(line.isConflict, must.isConflict, `seed ${seed}: the conflict a phone shows`);
    }
  }
  // Another server, other batches, another order, everything twice.
  const other = new Server(d);
  const uploads = [];
  for (const phone of phones) {
    const all = [...phone.disk.marks.values()];
    for (let i = 0; i < all.length;) { const n = 1 + d.below(5); uploads.push([phone, all.slice(i, i + n)]); i += n; }
  }
  for (const [phone, marks] of shuffled([...uploads, ...uploads], d))
    other.take(core.bodyOf(phone.device.id, 'e0', world.now + phone.skew, marks), world.now);
  assert.strictEqual(other.roll(), server.roll(), `seed ${seed}: another order gives another roll`);
}

async function main() {
  const cases = readCases();
  await so(`the rule says what the ${cases.length} cases say, in every order of the marks`, () => {
    assert(cases.length >= 20);
    for (const one of cases) for (const marks of permutations(one.marks)) {
      const { mark, id, isConflict, heads, reason } = core.effective(marks);
      assert.deepStrictEqual({ mark, id, isConflict, heads, reason }, one.is, one.words);
    }
  });

  const first = Number(process.env.DIEMCAU_SEED || 1);
  const wanted = Number(process.env.DIEMCAU_HISTORIES || 100000);
  const until = process.env.DIEMCAU_HISTORIES ? Infinity : Date.now() + 20000;
  let told = 0;
  let marks = 0;
  const from = Date.now();
  for (; told < wanted && Date.now() < until; told++) {
    const end = await history(first + told);
    sameRoll(first + told, end);
    marks += end.made.length;
  }
  await so(`${told} histories of three devices, 48 hours offline, clocks off by up to 2 hours, ${marks} marks: one same roll each (${((Date.now() - from) / 1000).toFixed(1)} s)`, () => assert(told > 0));

  await so('clocks that jump while in use lose and double nothing', async () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const { world, made } = await history(seed, { jumps: true });
      assert.strictEqual(world.server.stored.size, made.filter((one) => one.learner !== 99).length, `seed ${seed}`);
    }
  });

  const world = { now: 1779494400000, server: new Server(dice(7)) };
  let phones = 0; // each with numbers of its own
  const good = async (skew = 0) => { const phone = makePhone(world, dice(1000 + ++phones), skew); await phone.boot(); phone.line = 'good'; await phone.talk(); return phone; };

  await so('a mark that cannot be is set aside with words and stops none after it', async () => {
    const phone = await good();
    await phone.device.mark({ session: SESSIONS[0], learner: 99, mark: 'present' });
    await phone.device.mark({ session: SESSIONS[0], learner: 1, mark: 'present' });
    assert.strictEqual(await phone.talk(), 'done');
    assert.deepStrictEqual(phone.device.setAside().map((one) => one.words), ['Không có học viên này trong lớp']);
    assert.strictEqual(phone.device.line(SESSIONS[0], 1).mark, 'present');
  });

  await so('an upload that the server cannot read at all is halved until the bad mark stands alone', async () => {
    const phone = await good();
    const marks = [];
    for (let i = 0; i < 9; i++) marks.push(await phone.device.mark({ session: SESSIONS[1], learner: 1 + i % 4, mark: 'late' }));
    const ask = phone.device.ask;
    let uploads = 0;
    phone.device.ask = async (method, what, body, csrf) => {
      if (what === 'send') uploads++;
      return what === 'send' && body.marks.some((one) => one.id === marks[4].id) ? { status: 422, json: { words: 'Lượt này hỏng' } } : ask(method, what, body, csrf);
    };
    assert.strictEqual(await phone.device.talk(), 'done');
    assert.deepStrictEqual(phone.device.setAside().map((one) => one.id), [marks[4].id]);
    assert(uploads <= 16, `${uploads} uploads`);
  });

  await so('a session that ended keeps every mark, and the next one sends them with who made them', async () => {
    const phone = await good();
    const mark = await phone.device.mark({ session: SESSIONS[0], learner: 2, mark: 'absent' });
    const ask = phone.device.ask;
    phone.device.ask = async () => ({ status: 401, json: null });
    assert.strictEqual(await phone.talk(), 'signed_out');
    assert.strictEqual(phone.device.unsent().length, 1);
    phone.device.ask = ask;
    phone.device.kept.actor = 'Lò Thị Bích';
    assert.strictEqual(await phone.talk(), 'done');
    assert.strictEqual(world.server.stored.get(mark.id).by, 'Nguyễn Văn An');
  });

  await so('a token of another session is fetched anew and the upload tried once more', async () => {
    const phone = await good();
    await phone.device.mark({ session: SESSIONS[0], learner: 3, mark: 'late' });
    phone.device.kept.csrf = 'cũ';
    const ask = phone.device.ask;
    phone.device.ask = async (method, what, body, csrf) => (what === 'send' && csrf !== 'x' ? { status: 403, json: {} } : ask(method, what, body, csrf));
    assert.strictEqual(await phone.talk(), 'done');
    assert.strictEqual(phone.device.unsent().length, 0);
    phone.device.ask = async (method, what, body, csrf) => (what === 'send' ? { status: 403, json: {} } : ask(method, what, body, csrf));
    await phone.device.mark({ session: SESSIONS[0], learner: 3, mark: 'present' });
    assert.strictEqual(await phone.talk(), 'refused', 'a person without the right is told so, once');
    assert.strictEqual(phone.device.unsent().length, 1);
  });

  await so('a server restored from an old backup is filled again, once for each of its words', async () => {
    const phone = await good();
    const backup = world.server.backup();
    const mark = await phone.device.mark({ session: SESSIONS[1], learner: 4, mark: 'excused', reason: 'ốm' });
    await phone.talk();
    world.server.restore(backup);
    assert(!world.server.stored.has(mark.id));
    assert.strictEqual(await phone.talk(), 'done');
    assert(world.server.stored.has(mark.id));
    // A server that forgets without a new epoch is seen by its high-water mark.
    world.server.stored = new Map(backup);
    await phone.talk();
    assert(world.server.stored.has(mark.id));
    // One that never owns up to it is not sent everything for ever.
    let sends = 0;
    const ask = phone.device.ask;
    phone.device.ask = async (method, what, body, csrf) => {
      if (what === 'send') sends++;
      const answer = await ask(method, what, body, csrf);
      if (what === 'package') answer.json.last = { [body.may]: 0 };
      return answer;
    };
    for (let i = 0; i < 5; i++) await phone.talk();
    assert.strictEqual(sends, 1);
  });

  await so('two devices that differ see the conflict, one settles it, both see that', async () => {
    const one = await good(1);
    const two = await good(2);
    const at = { session: SESSIONS[0], learner: 4 };
    await one.device.mark({ ...at, mark: 'present' });
    world.now += 1000;
    await two.device.mark({ ...at, mark: 'absent' });
    await one.talk();
    await two.talk();
    await one.talk();
    for (const phone of [one, two]) {
      assert.strictEqual(phone.device.line(at.session, at.learner).isConflict, true);
      assert.strictEqual(phone.device.line(at.session, at.learner).mark, 'absent');
    }
    world.now += 1000;
    await one.device.mark({ ...at, mark: 'excused', reason: 'họp tỉnh' });
    assert.strictEqual(one.device.line(at.session, at.learner).isConflict, false, 'at once, before it is sent');
    await one.talk();
    await two.talk();
    assert.deepStrictEqual([two.device.line(at.session, at.learner).mark, two.device.line(at.session, at.learner).isConflict], ['excused', false]);
  });

  await so('another officer\'s mark arriving beside one of ours shows as a conflict before ours is sent', async () => {
    const one = await good(3);
    const two = await good(4);
    const at = { session: SESSIONS[1], learner: 2 };
    await two.device.mark({ ...at, mark: 'absent' });
    world.now += 5;
    await one.device.mark({ ...at, mark: 'present' });
    await one.talk();
    assert.strictEqual(await two.device.refresh(), 'done');
    const line = two.device.line(at.session, at.learner);
    assert.deepStrictEqual([line.isConflict, line.unsent], [true, 1]);
  });

  await so('a new epoch alone makes the device send again, also when the server has heard of later marks of it', async () => {
    const phone = await good();
    const first = await phone.device.mark({ session: SESSIONS[0], learner: 1, mark: 'present' });
    await phone.device.mark({ session: SESSIONS[0], learner: 2, mark: 'present' });
    await phone.talk();
    // The backup has the second: another device had carried it over as a file before the first came.
    const backup = world.server.backup();
    backup.delete(first.id);
    world.server.restore(backup);
    await phone.talk();
    assert(world.server.stored.has(first.id));
  });

  await so('the answer to an upload shows at once what others marked', async () => {
    const one = await good(5);
    const two = await good(6);
    await one.device.mark({ session: SESSIONS[1], learner: 3, mark: 'absent' });
    await one.talk();
    const heads = one.device.line(SESSIONS[1], 3).heads;
    await two.device.mark({ session: SESSIONS[1], learner: 4, mark: 'present' });
    await two.device.send();
    assert.deepStrictEqual(two.device.line(SESSIONS[1], 3).heads, heads);
  });

  await so('a clock two hours ahead does not make an unsent mark the later one', async () => {
    const one = await good(7);
    const two = await good(8);
    const ahead = makePhone(world, dice(77), 2 * HOUR);
    await ahead.boot();
    ahead.line = 'good';
    await ahead.talk();
    const at = { session: SESSIONS[1], learner: 1 };
    await one.talk();
    await ahead.device.mark({ ...at, mark: 'absent' });
    world.now += 60000;
    await one.device.mark({ ...at, mark: 'present' });
    await one.talk();
    await ahead.device.refresh();
    await two.talk();
    assert.deepStrictEqual([ahead.device.line(at.session, 1).mark, ahead.device.isClockWrong], ['present', true]);
  });

  await so('an answer without receipts is no answer: everything stays unsent and the device waits', async () => {
    const phone = await good();
    await phone.device.mark({ session: SESSIONS[0], learner: 1, mark: 'late' });
    phone.device.ask = async () => ({ status: 200, json: { epoch: phone.device.kept.epoch, now: world.now, receipts: [], marks: {} } });
    assert.strictEqual(await phone.talk(), 'lost');
    assert.strictEqual(phone.device.unsent().length, 1);
  });

  await so('marks leave the device only when received, the class is over, and 30 days have passed', async () => {
    const phone = await good();
    const sent = await phone.device.mark({ session: SESSIONS[0], learner: 1, mark: 'late' });
    await phone.talk();
    const unsent = await phone.device.mark({ session: SESSIONS[0], learner: 1, mark: 'absent' });
    phone.device.kept.keep_until = world.now + 30 * 24 * HOUR;
    world.now += 29 * 24 * HOUR;
    await phone.device.tidy();
    assert(phone.disk.marks.has(sent.id));
    world.now += 2 * 24 * HOUR;
    await phone.device.tidy();
    assert(!phone.disk.marks.has(sent.id));
    assert(phone.disk.marks.has(unsent.id));
  });

  await so('the clock is judged by the shortest way, and a clock set anew makes the old judgement void', () => {
    let kept = core.keepEstimate([], 1000, 5000, 8000); // way of 4 s: off by 5 s, give or take 2
    kept = core.keepEstimate(kept, 10000, 10100, 16050);
    assert.strictEqual(core.bestOffset(kept), 6000);
    kept = core.keepEstimate(kept, 20000, 23000, 27400);
    assert.strictEqual(core.bestOffset(kept), 6000, 'a slower answer does not spoil a good one');
    kept = core.keepEstimate(kept, 5000000, 5000200, 30100);
    assert.strictEqual(core.bestOffset(kept), -4970000);
  });

  await so('waiting doubles from 2 seconds to 5 minutes, never in step', () => {
    for (let failures = 1; failures < 40; failures++) {
      const whole = Math.min(300000, 2000 * 2 ** (failures - 1));
      assert.strictEqual(core.backoff(failures, () => 0), whole / 2);
      assert.strictEqual(core.backoff(failures, () => 1), whole);
    }
  });

  await so('a file holds the same bodies, 500 marks each, and says nothing new when read twice', async () => {
    const phone = await good();
    for (let i = 0; i < 1100; i++) await phone.device.mark({ session: SESSIONS[i % 2], learner: 1 + i % 4, mark: KINDS[i % 4] });
    const bodies = JSON.parse(core.fileOf(phone.device.id, 'e0', 5, phone.device.unsent()));
    assert.deepStrictEqual(bodies.map((one) => one.marks.length), [500, 500, 100]);
    const server = new Server(dice(1));
    const count = (state) => bodies.flatMap((body) => server.take(body, 5).receipts).filter((one) => one.state === state).length;
    assert.strictEqual(count('stored'), 1100);
    const roll = server.roll();
    assert.strictEqual(count('already'), 1100);
    assert.strictEqual(server.roll(), roll);
    assert.strictEqual(core.fileName(12, 'ab'), 'diem-danh-12-ab.json');
  });

  await so('a code is found alone or in its link, and its digest is half of SHA-256', async () => {
    const code = 'ABCDEFGHIJKLMNOPQRSTUVWXY2';
    assert.strictEqual(core.codeIn(code), code);
    assert.strictEqual(core.codeIn(`https://diemcau.example/hv/${code}`), code);
    assert.strictEqual(core.codeIn(`/hv/${code}?x=1`), code);
    assert.strictEqual(core.codeIn(code.toLowerCase()), code);
    assert.strictEqual(core.codeIn(`https://diemcau.example/hv/${code}X`), '');
    assert.strictEqual(core.codeIn('https://example.org/'), '');
    assert.strictEqual(await core.digestOf(webcrypto.subtle, 'abc'), 'ba7816bf8f01cfea414140de5dae2223');
  });

  await so('a name is found without its marks', () => {
    assert.strictEqual(core.plain('Đỗ Thị Hồng Nhung'), 'do thi hong nhung');
    assert.strictEqual(core.plain('NGUYỄN VĂN AN'.normalize('NFD')), 'nguyen van an');
  });

  await so('counts: present holds the late, and every learner stands once', () => {
    const line = (mark, isConflict = false) => ({ mark, isConflict });
    assert.deepStrictEqual(core.countsOf([line('present'), line('late'), line('excused', true), line('absent'), line('none'), line('late')]),
      { expected: 6, present: 3, late: 2, excused: 1, absent: 1, unmarked: 1, conflicts: 1 });
    assert.deepStrictEqual(core.countsOf([{ ...line('present'), elsewhere: true }, { ...line('late'), isVisitor: true }, { ...line('none'), isVisitor: true }]),
      { expected: 1, present: 1, late: 1, excused: 0, absent: 0, unmarked: 0, conflicts: 0 }, 'who sits elsewhere counts there, a visitor here');
  });

  console.log(`${sentences} sentences`);
}

main().catch((error) => { console.error(error); process.exit(1); });
