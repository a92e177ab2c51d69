// A paper handed in as a file becomes duties and a class: dropped on the page, doubts confirmed, what is missing filled
// in, drafted and issued; also without scripts, on a telephone, and for a paper of another body. Where the five papers this
// program was made for lie beside the checkout, each of them walks the same way.
'use strict';
const fs = require('fs');
const path = require('path');
const { journey, person, signIn, inspect, expect } = require('./stage');

const root = path.join(__dirname, '..');
const shared = process.env.DIEMCAU_SHARED || path.join(root, '..', 'shared');
const own = path.join(root, 'src/reader/testdata/papers/tuning/t06_tinh_uy_lop_truc_tuyen.txt');
const seat = (role, unitCode, sort, reach) => ({ role, seat: 'nguoi_dung_dau', login: role, name: 'Đinh Văn Mẫu', unitCode, sort, reach });
const seats = [seat('hocvien', 'VN', 'hoc_vien'), seat('caobang', '04', 'ubnd_tinh', 'body'), seat('hatinh', '42', 'tinh_uy'),
  seat('haiphong', '31', 'tinh_uy'), seat('quangngai', '51', 'tinh_uy')];
const seeds = [
  { role: 'hocvien', file: '000_65a814c786073ee8', duties: 4 },
  { role: 'caobang', file: '001_f6ccac845cab2990', duties: 20, symbol: 'KH-UBND' },
  { role: 'hatinh', file: '002_bfe495d3b4087c1e', duties: 7 },
  { role: 'haiphong', file: '003_e855bca4e7151f39', duties: 10 },
  { role: 'quangngai', file: '004_45cc4a0e38498ced', duties: 5, symbol: 'GM/TU', title: 'mời dự lớp bồi dưỡng' },
];

const press = (page, locator) => Promise.all([page.waitForNavigation(), locator.click()]);
async function pressAndSay(page, locator) {
  await locator.click();
  await press(page, page.locator('dialog button.main'));
}

// As a person drops it: the browser gets the file by the page's own drop.
async function drop(page, file) {
  await page.goto('/nhan-van-ban');
  const bytes = fs.readFileSync(file).toString('base64');
  const data = await page.evaluateHandle(([base64, name]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    return transfer;
  }, [bytes, path.basename(file)]);
  await Promise.all([page.waitForNavigation(), page.dispatchEvent('[data-drop]', 'drop', { dataTransfer: data })]);
}

// How many times somebody had to decide before the paper could be issued.
async function confirmAndFill(page, seed) {
  let actions = 0;
  const all = page.locator('#can-xem .section-head form button');
  if (await all.count()) {
    await pressAndSay(page, all);
    actions += 1;
  } else if (await page.locator('#can-xem .doubts form button').count()) {
    await press(page, page.locator('#can-xem .doubts form button').first());
    actions += 1;
  }
  if (await page.locator('#con-thieu').count()) {
    const values = { 'v.number': '77', 'v.symbol': seed.symbol, 'v.date': '15/5/2026', 'v.title': seed.title, 'v.signer.name': 'Đinh Văn Mẫu' };
    for (const name of await page.$$eval('#con-thieu [name^="v."]', (list) => list.map((one) => one.name)))
      await page.fill(`#con-thieu [name="${name}"]`, values[name] || 'Mẫu');
    await press(page, page.locator('#con-thieu button'));
    actions += 1;
  }
  return actions;
}

async function draftAndIssue(page) {
  await press(page, page.locator('#buoc-sau button.main'));
  const paper = page.url();
  await page.goto(`${new URL(paper).pathname}/ban-hanh`);
  const words = await page.locator('main').innerText();
  await pressAndSay(page, page.locator('main form button.main'));
  expect(await page.locator('main', { hasText: 'Đã ban hành' }).count(), 'it is issued');
  const said = /(\d+) nhiệm vụ của văn bản trở thành ([\d.]+) việc/.exec(words);
  return { paper, tasks: said ? Number(said[1]) : 0, duties: said ? Number(said[2].replaceAll('.', '')) : 0 };
}

async function walkSeed(stage, seed) {
  const page = await person(stage);
  await signIn(stage, page, seed.role);
  await drop(page, path.join(shared, 'seeds', `${seed.file}.txt`));
  expect(/\/nhan-van-ban\/\d+/.test(page.url()), `${seed.file} is read`);
  await inspect(stage, page, `reading of ${seed.file}`);
  if (seed.role === 'quangngai') {
    const table = page.locator('section', { hasText: 'So với văn bản cấp trên' }).first();
    for (const what of ['Gửi bài thu hoạch', 'Chỉ tiêu', 'Điểm cầu cấp tỉnh', 'Kết nối chính thức', 'Thành phần tại điểm cầu cấp xã'])
      expect(await table.locator('th', { hasText: what }).count(), `the province's paper is compared with the Academy's: ${what}`);
  }
  const actions = await confirmAndFill(page, seed);
  expect(actions <= 3, `${actions} decisions are enough for ${seed.file}`);
  const done = await draftAndIssue(page);
  expect(done.tasks >= seed.duties, `${seed.file} orders ${done.tasks} tasks, ${done.duties} duties`);
  await page.goto('/lop');
  expect((await page.locator('main table tbody tr').count()) > 0, `${seed.file} has its class`);
  await page.context().close();
}

// From the Academy's plan the province's own invitation.
async function wayBack(stage) {
  const page = await person(stage);
  await signIn(stage, page, 'hatinh');
  await page.goto('/van-ban?hop=den');
  await press(page, page.locator('main table a', { hasText: '664' }).first());
  await press(page, page.locator('main a', { hasText: 'Soạn văn bản triển khai' }));
  await inspect(stage, page, 'drafting the lower paper');
  expect(await page.locator('main', { hasText: 'Quản trị toàn diện' }).count(), 'the upper topics stand beside the form');
  await page.fill('[name=hoi_truong]', 'Hội trường Tỉnh ủy');
  await page.fill('[name=chi_tieu]', 'Sở Nội vụ: 5\nTrường Chính trị tỉnh: toàn thể');
  await page.fill('[name=han_danh_sach]', '22/5/2026');
  await page.fill('[name=kiem_tra]', '14:00 ngày 22/5/2026');
  await page.fill('[name=so]', '88');
  await page.fill('[name=ngay]', '15/5/2026');
  await page.fill('[name=nguoi_ky]', 'Đinh Văn Mẫu');
  await press(page, page.locator('main form button.main'));
  expect(await page.locator('main', { hasText: 'So với văn bản cấp trên' }).count(), 'the draft stands beside what it changes');
  await page.goto(`${new URL(page.url()).pathname}/ban-hanh`);
  await pressAndSay(page, page.locator('main form button.main'));
  expect(await page.locator('main', { hasText: 'Đã ban hành' }).count(), 'the lower paper is issued');
  await page.context().close();
}

journey('papers that are read', { clock: '2026-05-15T08:30', seats, isEmpty: true }, async (stage) => {
  // A paper of another body, on a telephone, without scripts.
  const phone = await person(stage, { width: 360, height: 740, touch: true, scripts: false });
  await signIn(stage, phone, 'quangngai');
  // The inspector needs scripts: another window of the same size looks at the same pages.
  const glass = await person(stage, { width: 360, height: 740, touch: true });
  await signIn(stage, glass, 'quangngai');
  const look = async (address, name) => {
    await glass.goto(address);
    await inspect(stage, glass, `${name}, telephone`);
  };
  await look('/nhan-van-ban', 'choosing a file');
  await phone.goto('/nhan-van-ban');
  await phone.setInputFiles('input[type=file]', own);
  await press(phone, phone.locator('main form button').first());
  const reading = new URL(phone.url()).pathname;
  await look(reading, 'reading');
  expect(await phone.locator('#buoc-sau button.main', { hasText: 'Vào sổ văn bản đến' }).count(), 'a paper of another body is to be entered as received');
  await press(phone, phone.locator('[id^="m-obligations-"] .record-do a').first());
  await look(phone.url(), 'a record open');
  await phone.fill('.record-form [name="v.owner"]', 'Đảng ủy các xã, phường');
  await press(phone, phone.locator('.record-form button', { hasText: 'Ghi lại' }).first());
  expect(await phone.locator('.said', { hasText: 'máy đọc' }).count(), 'what the machine read stays beside what a person wrote');
  await phone.goto(`${reading}?doan=1#gan`);
  await phone.selectOption('#gan-muc', 'document|place');
  await phone.fill('#gan-chu', 'Quảng Ngãi');
  await press(phone, phone.locator('#gan button'));
  await phone.goto(`${reading}/lich-su`);
  await look(`${reading}/lich-su`, 'history');
  expect((await phone.locator('tbody tr').count()) === 2, 'both changes stand in the history');
  await phone.goto(reading);
  await press(phone, phone.locator('#buoc-sau button.main'));
  expect(await phone.locator('main', { hasText: 'do đơn vị vào sổ' }).count(), 'it is entered without scripts, and says so');
  await phone.goto('/nhan-van-ban');
  await phone.setInputFiles('input[type=file]', own);
  await press(phone, phone.locator('main form button').first());
  expect(new URL(phone.url()).pathname === reading, 'the same file opens the first reading');
  await phone.context().close();
  await glass.context().close();

  // At a desk: values show their place, selected words are offered to a field, a secret paper is refused.
  const desk = await person(stage);
  await signIn(stage, desk, 'quangngai');
  await desk.goto(reading);
  await inspect(stage, desk, 'reading, desk');
  await desk.locator('a.value').first().click();
  expect(await desk.locator('.sheet .is-target').count(), 'a value shows its place on the paper');
  await desk.evaluate(() => {
    const text = document.querySelector('.sheet [data-text]');
    getSelection().selectAllChildren(text);
    text.dispatchEvent(new MouseEvent('mouseup', { bubbles: true }));
  });
  await desk.waitForSelector('.pick-form.is-floating');
  expect((await desk.inputValue('#gan-chu')).length > 0, 'selected words are offered to a field');
  const files = () => fs.readdirSync(path.join(stage.data, 'files')).length;
  const before = files();
  await desk.goto('/nhan-van-ban');
  await desk.setInputFiles('input[type=file]', { name: 'giay.txt', mimeType: 'text/plain',
    buffer: Buffer.from('TỐI MẬT\n\nKẾ HOẠCH\nmở lớp bồi dưỡng cán bộ cấp xã\n\nThời gian: ngày 23/5/2026.\n') });
  await press(desk, desk.locator('main form button').first());
  expect(await desk.locator('.message.is-error', { hasText: /mật/i }).count(), 'a secret paper is refused in one sentence');
  expect(files() === before, 'and nothing of it is kept');
  await desk.context().close();

  if (!fs.existsSync(path.join(shared, 'seeds'))) return;
  for (const seed of seeds) await walkSeed(stage, seed);
  await wayBack(stage);
});
