// The roll of one point for two days without a network: two phones, cut off, one closed and opened again; a line that hardly
// moves; a file carried by hand; a session that ends meanwhile; codes read by a camera offline. DIEMCAU_PICTURES names a
// folder for pictures of what the phones showed.
'use strict';
const fs = require('fs');
const path = require('path');
const { journey, person, phone, signIn, inspect, expect } = require('./stage');

const pictures = process.env.DIEMCAU_PICTURES;
const picture = (page, name) => (pictures ? page.screenshot({ path: path.join(pictures, `roll-${name}.png`) }) : null);
const seat = (role, login, name) => ({ role, login, name, seat: 'chuyen_vien', unitCode: '21025', sort: 'dang_uy_xa' });
const HOUR = 3600000;

const families = ['Nguyễn Văn', 'Trần Thị', 'Lê Hoàng', 'Phạm Minh', 'Lò Thị', 'Vừ A', 'Đặng Quốc', 'Bùi Thị Phương', 'Hoàng Đình', 'Nguyễn Thị Phương'];
const given = ['An', 'Bích', 'Cường', 'Dung', 'Giang', 'Hà', 'Khánh', 'Linh', 'Mạnh', 'Nga', 'Oanh', 'Phúc', 'Quyên', 'Sơn', 'Thảo'];
const titles = ['Bí thư Đảng ủy', 'Chủ tịch Ủy ban nhân dân', 'Phó Chủ tịch Hội đồng nhân dân', 'Công chức Văn phòng'];

// The commune's own list, filled up to forty by a pasted one; the addresses of the roll of the first half-day and of the
// learners' cards.
async function nameLearners(desk) {
  const openRoll = async () => {
    await desk.goto('/diem-danh');
    const roll = await desk.locator('main a[href^="/diem-danh/"]').first().getAttribute('href');
    await desk.goto(roll);
    return roll;
  };
  const roll = await openRoll();
  const missing = 40 - await desk.locator('.roll-row').count();
  const courses = async () => {
    await desk.goto('/lop');
    return desk.$$eval('main a[href^="/lop/"]', (all) => all.map((one) => one.getAttribute('href')).filter((href) => /^\/lop\/\d+$/.test(href)));
  };
  for (const course of await courses()) {
    await desk.goto(`${course}/cu-hoc`);
    const paste = desk.locator('main a[href*="/rieng/dan"]');
    if (!(await paste.count())) continue;
    const cards = await desk.locator('main a[href*="/the?"]').first().getAttribute('href');
    if (missing > 0) {
      await paste.first().click();
      await desk.fill('main textarea', Array.from({ length: missing },
        (_, i) => `${families[i % 10]} ${given[(i * 7 + (i / 10 | 0)) % 15]} ${given[i % 15]}; ${titles[i % 4]}`).join('\n'));
      await desk.click('main form:has(textarea) button');
      await Promise.all([desk.waitForURL((url) => !/\/dan(\/ghi)?$/.test(url.pathname)), desk.click('main .button.main')]);
    }
    return { roll, cards };
  }
  throw new Error('the commune has no list of its own');
}

const ready = (page) => page.waitForSelector('#roll[data-ready="1"]', { state: 'attached' });
const carried = (page) => page.waitForFunction(() => /^Sẵn sàng ngoại tuyến: 40 người/.test(document.querySelector('.roll-ready')?.textContent || ''), null, { timeout: 30000 });
const status = (page) => page.textContent('#roll-status');
const sent = (page) => page.waitForFunction(() => /^Đã gửi hết/.test(document.getElementById('roll-status').textContent), null, { timeout: 20000 });
const unsent = (page, count) => page.waitForFunction((n) => document.getElementById('roll-status').textContent.startsWith(`Chưa gửi: ${n} lượt`), count, { timeout: 10000 });
const row = (page, i) => page.locator('.roll-row').nth(i);
// A thumb on the name; the other marks on their buttons.
const tapPresent = (page, i) => row(page, i).tap({ position: { x: 70, y: 24 } });
const tapMark = (page, i, mark) => row(page, i).locator(`button[data-mark=${mark}]`).tap();
const markOf = (page, i) => row(page, i).getAttribute('data-mark');
async function tapReason(page, i, words) {
  await tapMark(page, i, 'excused');
  await page.locator('dialog.roll-reason').getByRole('button', { name: words }).tap();
}
const present = (page) => page.textContent('.roll-count');

async function open(stage, who, name, roll, options) {
  const page = await phone(stage, name, options);
  await signIn(stage, page, who);
  await page.goto(roll);
  await ready(page);
  await carried(page);
  return page;
}

// What the server itself says of the half-day, asked by another person at a desk.
async function figureOf(desk, roll) {
  const text = await (await desk.request.get(roll)).text();
  const number = (name) => Number(new RegExp(`data-roll-figure="${name}">([\\d.]+)<`).exec(text)?.[1] ?? 0);
  return { present: number('present'), late: number('late'), excused: number('excused'), absent: number('absent'), conflicts: number('conflicts') };
}

// The nation's wall: what it counts in the room, and how long after `from` it counted that.
const seated = (wall) => wall.evaluate(() => Number(document.querySelector('[data-live="SEATED"]').textContent.replaceAll('.', '')));
const counts = (wall, figure) => wall.waitForFunction((n) => Number(document.querySelector('[data-live="SEATED"]').textContent.replaceAll('.', '')) === n,
  figure, { timeout: 10000, polling: 20 }).then(() => Date.now());

async function openWall(stage) {
  const wall = await person(stage, { width: 1920, height: 1080 });
  await signIn(stage, wall, 'hoc-vien-chuyen-vien');
  await wall.goto('/ngay-hoc');
  await wall.goto(`${await wall.locator('a[href$="/ngay-hoc"]', { hasText: 'Bảng ngày học' }).first().getAttribute('href')}?so=co-mat&chieu=1`);
  return wall;
}

async function twoPhones(stage, desk, roll) {
  const wall = await openWall(stage);
  const atFirst = await seated(wall);
  let one = await open(stage, 'can-bo-mot', 'may-mot', roll, { skewMs: -2 * HOUR });
  const two = await open(stage, 'can-bo-hai', 'may-hai', roll);
  expect(await one.getByText('chậm 120 phút').count() === 1, 'a clock two hours behind is told in minutes, and nothing is stopped');
  await one.context().setOffline(true);
  await two.context().setOffline(true);
  for (let i = 0; i < 16; i++) await tapPresent(one, i);
  await tapMark(one, 16, 'late');
  await tapReason(one, 17, 'Ốm');
  await tapMark(one, 18, 'absent');
  await unsent(one, 19);
  expect(await present(one) === '17/40 có mặt', 'a cut-off phone counts 17 of 40: 16 present and 1 late');
  await picture(one, 'offline');
  for (let i = 14; i < 38; i++) await tapPresent(two, i);
  await unsent(two, 24);
  await inspect(stage, one, 'the roll on a phone');

  await one.context().close();
  stage.phones = stage.phones.filter((context) => context !== one.context());
  one = await phone(stage, 'may-mot', { skewMs: -2 * HOUR });
  await one.context().setOffline(true);
  await one.goto(roll);
  await ready(one);
  await unsent(one, 19);
  expect(await one.evaluate(() => 'kept' in document.documentElement.dataset), 'closed and opened again without a network, the page is there and says it is the kept one');
  expect(await present(one) === '17/40 có mặt' && await markOf(one, 16) === 'late', 'with every mark it had');
  await one.waitForSelector('text=Đang mở bản lưu trên máy');
  await picture(one, 'kept');
  const sessions = await one.$$eval('#roll .tabs a', (all) => all.map((link) => link.getAttribute('href')));
  await one.goto(sessions[1]);
  await ready(one);
  await tapPresent(one, 39);
  await unsent(one, 20);
  expect(await present(one) === '1/40 có mặt', 'a half-day that was never opened before is called without a network too');
  await one.goto(roll);
  await ready(one);

  const before = await figureOf(desk, roll);
  expect(before.present === 0, 'so far the server knows nothing');
  const counted = counts(wall, atFirst + 38);
  await Promise.all([one.context().setOffline(false), two.context().setOffline(false)]);
  await Promise.all([sent(one), sent(two)]);
  const from = Date.now();
  let now = await figureOf(desk, roll);
  while ((now.present < 38 || now.conflicts < 3) && Date.now() - from < 5000) now = await figureOf(desk, roll);
  const took = Date.now() - from;
  console.log(`      figures on the server ${JSON.stringify(now)} ${took} ms after the last receipt`);
  // Rows 14 and 15 say the same on both; 16, 17 and 18 differ, and the later tap counts meanwhile: the second phone's.
  expect(now.present === 38 && now.late === 0 && now.conflicts === 3 && took < 1000, 'both back: 38 of 40 within a second, and three that differ are listed, none settled in silence');
  const onWall = await counted - from;
  console.log(`      the nation's wall counts ${atFirst} and 38 more ${onWall} ms after the last receipt`);
  expect(onWall < 1000, 'both back: the nation\'s board counts them within a second');
  // What the other marked is told by the point's live stream, and not only every half minute.
  for (const page of [one, two])
    await page.waitForFunction(() => document.querySelectorAll('.roll-row[data-conflict="1"]').length === 3, null, { timeout: 10000 });
  await picture(one, 'conflict');
  await tapMark(two, 16, 'late');
  await two.locator('dialog.roll-reason').getByRole('button', { name: 'Đã hỏi lại học viên' }).tap();
  await two.waitForFunction(() => document.querySelectorAll('.roll-row')[16].dataset.conflict === '0');
  await sent(two);
  const told = Date.now();
  now = await figureOf(desk, roll);
  expect(now.late === 1 && now.conflicts === 2, 'one is settled with who and why');
  await one.waitForFunction(() => document.querySelectorAll('.roll-row')[16].dataset.conflict === '0', null, { timeout: 10000 });
  console.log(`      the other telephone shows it after ${Date.now() - told} ms`);
  await wall.context().close();
  const sheet = await (await desk.request.get(`${roll}/in`)).text();
  const printed = (sheet.match(/<td>Có mặt ·/g) || []).length + (sheet.match(/<td>Muộn ·/g) || []).length;
  expect(printed === 38, 'the printed sheet and the roll agree');
  return { one, two };
}

async function byHand(stage, desk, roll, one) {
  await one.context().setOffline(true);
  await tapMark(one, 38, 'late');
  await tapPresent(one, 39);
  await unsent(one, 2);
  const [download] = await Promise.all([one.waitForEvent('download'), one.click('text=Xuất lượt chưa gửi ra tệp')]);
  const file = path.join(stage.dir, download.suggestedFilename());
  await download.saveAs(file);
  expect(/^diem-danh-\d+-[0-9a-f]{32}\.json$/.test(download.suggestedFilename()), 'unsent marks go into a file named after the point and the device');
  const take = async () => {
    await desk.goto(roll);
    await desk.locator('details:has(#roll-file) > summary').click();
    await desk.setInputFiles('#roll-file input[type=file]', file);
    await Promise.all([desk.waitForNavigation(), desk.click('#roll-file button')]);
    return (await desk.textContent('main .figures')).replace(/\s+/g, ' ');
  };
  expect(/Đã ghi ?2.*Đã có từ trước ?0.*Để riêng ?0/.test(await take()), 'taken in at a desk: two stored');
  const once = await figureOf(desk, roll);
  expect(/Đã ghi ?0.*Đã có từ trước ?2.*Để riêng ?0/.test(await take()), 'taken in twice: both known already');
  await one.context().setOffline(false);
  await sent(one);
  const thrice = await figureOf(desk, roll);
  expect(JSON.stringify(once) === JSON.stringify(thrice) && once.present === 40, 'and sent by the phone itself a third time: the roll stays the same');
}

async function signedOut(stage, desk, roll, two) {
  await two.context().setOffline(true);
  await tapMark(two, 0, 'absent');
  await unsent(two, 1);
  await two.context().clearCookies();
  await two.context().setOffline(false);
  await two.waitForSelector('text=Phiên làm việc đã hết');
  await tapMark(two, 1, 'absent');
  await unsent(two, 2);
  await picture(two, 'signed-out');
  expect((await figureOf(desk, roll)).absent === 0, 'the session ended meanwhile: the phone says so, keeps both marks and goes on');
  const account = stage.accounts.find((one) => one.role === 'can-bo-hai');
  await two.click('text=Đăng nhập để gửi');
  await two.fill('input[name=login]', account.login);
  await two.fill('input[name=password]', account.password);
  await Promise.all([two.waitForURL((url) => url.pathname === roll), two.click('main button[type=submit]')]);
  await ready(two);
  await sent(two);
  expect((await figureOf(desk, roll)).absent === 2, 'signed in again: sent by itself');
}

// A picture of each code in turn, as a camera sees them.
async function film(file, texts) {
  const { encodeQR } = await import('qr');
  const width = 640;
  const height = 480;
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`)];
  for (const text of texts) {
    const code = encodeQR(text, 'raw');
    const size = Math.floor(400 / code.length);
    const grey = Buffer.alloc(width * height, 190);
    const left = (width - code.length * size) >> 1;
    const top = (height - code.length * size) >> 1;
    for (let y = 0; y < code.length * size; y++)
      for (let x = 0; x < code.length * size; x++) grey[(top + y) * width + left + x] = code[y / size | 0][x / size | 0] ? 30 : 230;
    for (let i = 0; i < 20; i++) parts.push(Buffer.from('FRAME\n'), grey, Buffer.alloc(width * height / 2, 128));
  }
  fs.writeFileSync(file, Buffer.concat(parts));
}

async function scanning(stage, desk, sessions, cards) {
  await desk.goto(cards);
  const codes = await desk.$$eval('.card', (all) => all.slice(0, 2).map((card) => [card.querySelector('.card-name').textContent.trim(), new URL(card.querySelector('a').href).pathname]));
  const reel = path.join(stage.dir, 'codes.y4m');
  await film(reel, [stage.url + codes[0][1], stage.url + codes[1][1], `${stage.url}/hv/ABCDEFGHIJKLMNOPQRSTUVWX23`]);
  const three = await phone(stage, 'may-ba', { args: ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${reel}`] });
  await three.context().grantPermissions(['camera']);
  await signIn(stage, three, 'can-bo-mot');
  await three.goto(sessions[1]);
  await ready(three);
  await carried(three);
  // The reader of codes follows by itself some seconds after the page is ready.
  const hasReader = () => three.evaluate(async () => (await (await caches.open('diem-danh-tep')).keys()).some((one) => one.url.includes('qr-index')));
  for (let i = 0; i < 100 && !(await hasReader()); i++) await three.waitForTimeout(200);
  await three.context().setOffline(true);
  await three.click('text=Quét mã');
  const heard = new Set();
  const wanted = [`${codes[0][0]}: Có mặt`, `${codes[1][0]}: Có mặt`];
  const until = Date.now() + 20000;
  while (Date.now() < until && !(wanted.every((one) => heard.has(one)) && [...heard].some((one) => /không có trong danh sách/.test(one)))) {
    heard.add(await three.textContent('.roll-scan-words'));
    await three.waitForTimeout(100);
  }
  await picture(three, 'scan');
  expect(wanted.every((one) => heard.has(one)), 'two learners are scanned without a network');
  expect([...heard].some((one) => /^Mã …WX23 không có trong danh sách/.test(one)), 'a code of nobody is said so and kept as a note');
  await three.click('text=Xong');
  await three.context().setOffline(false);
  await sent(three);
  expect((await figureOf(desk, sessions[1])).present === 3, 'and counted when the line is back');
}

async function slowLine(stage, roll) {
  const runs = [];
  for (let i = 0; i < 3; i++) {
    const page = await phone(stage, `may-cham-${i}`);
    await signIn(stage, page, 'can-bo-mot');
    const wire = await page.context().newCDPSession(page);
    await wire.send('Network.enable');
    await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 400000 / 8, uploadThroughput: 400000 / 8 });
    let bytes = 0;
    wire.on('Network.loadingFinished', (one) => { bytes += one.encodedDataLength; });
    await page.goto(roll, { waitUntil: 'commit' });
    await ready(page);
    const script = await page.evaluate(() => performance.now());
    const painted = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    await carried(page);
    runs.push({ painted: Math.round(painted), script: Math.round(script), bytes });
    await page.context().close();
    stage.phones = stage.phones.filter((context) => context !== page.context());
  }
  const best = (name) => Math.min(...runs.map((one) => one[name]));
  console.log(`      400 kbit/s, 400 ms, first opening after signing in, three phones: rows with buttons painted ${runs.map((one) => one.painted)} ms, ` +
    `script ready ${runs.map((one) => one.script)} ms, bytes on the wire until ready offline ${runs.map((one) => one.bytes)}`);
  expect(best('painted') < 1000, 'on a slow line the first mark can be made within a second');
  expect(runs.every((one) => one.bytes < 60 * 1024), 'with less than 60 KB on the wire');
}

journey('the roll is called without a network', {
  clock: '2026-05-23T07:30', seats: [seat('can-bo-mot', 'canbo.mot', 'Lò Thị Bích'), seat('can-bo-hai', 'canbo.hai', 'Nguyễn Văn Sơn')],
}, async (stage) => {
  const desk = await person(stage);
  await signIn(stage, desk, 'can-bo-mot');
  const { roll, cards } = await nameLearners(desk);
  await desk.goto(roll);
  const sessions = await desk.$$eval('#roll .tabs a', (all) => all.map((link) => link.getAttribute('href')));
  expect(await desk.locator('.roll-row').count() === 40, 'forty learners stand in the roll');
  await inspect(stage, desk, 'the roll on a desk');
  await picture(desk, 'desk');
  await ready(desk);
  const name = (await desk.locator('.roll-row').nth(3).getAttribute('data-name')).split(' ').pop();
  await desk.keyboard.type(name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/gi, 'd').toLowerCase());
  const seen = await desk.locator('.roll-row:visible').count();
  expect(seen > 0 && seen < 40, 'letters typed anywhere search, without their marks');
  await desk.keyboard.press('Escape');
  expect(await desk.locator('.roll-row:visible').count() === 40, 'and Escape shows all again');
  await slowLine(stage, roll);
  const { one, two } = await twoPhones(stage, desk, roll);
  await byHand(stage, desk, roll, one);
  await signedOut(stage, desk, roll, two);
  await one.context().close();
  await two.context().close();
  stage.phones = [];
  await scanning(stage, desk, sessions, cards);
});
