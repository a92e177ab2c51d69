// A class's morning: the moment's board hangs on the wall while a commune's class committee calls the roll on a phone; the
// nation's figure is right within a second. The four seats of the class day find what they need on their first page.
'use strict';
const { journey, person, signIn, inspect, expect } = require('./stage');

const number = (text) => Number(text.replaceAll('.', ''));
const figure = async (page, key) => number(await page.locator(`[data-live="${key}"]`).first().innerText());

journey('the class day', { clock: '2026-05-23T07:35' }, async (stage) => {
  // The wall of the Academy.
  const wall = await person(stage, { width: 1920, height: 1080 });
  await signIn(stage, wall, 'hoc-vien-chuyen-vien');
  await wall.goto('/ngay-hoc');
  const board = await wall.locator('a[href$="/ngay-hoc"]', { hasText: 'Bảng ngày học' }).first().getAttribute('href');
  await wall.goto(`${board}?so=co-mat`);
  await inspect(stage, wall, 'the class day of the nation');
  expect(await wall.locator('.tile-map .tile').count() === 34, 'the map has 34 provinces');
  await wall.goto(`${board}?so=co-mat&chieu=1`);
  await inspect(stage, wall, 'the wall');
  const before = await figure(wall, 'SEATED');

  // The seats of the class day, on phones.
  for (const [role, words] of [['chu-tri', 'điểm danh'], ['ky-thuat', 'Đường truyền'], ['lop-truong', 'Điểm danh']]) {
    const phone = await person(stage, { width: 360, height: 740, touch: true });
    await signIn(stage, phone, role);
    expect(new URL(phone.url()).pathname === '/ngay-hoc', `${role} begins at the class day`);
    expect((await phone.locator('main').innerText()).includes(words), `${role} finds "${words}" there`);
    await inspect(stage, phone, `first page of ${role}`);
    if (role === 'lop-truong') {
      await phone.locator('main a.button', { hasText: 'Điểm danh' }).first().click();
      await phone.waitForURL(/diem-danh/);
      await phone.waitForSelector('#roll-list');
      const row = phone.locator('#roll-list .roll-row').filter({ hasNot: phone.locator('[data-mark="present"][aria-pressed="true"]') }).first();
      await row.locator('button[data-mark="present"]').click();
      const marked = Date.now();
      await wall.waitForFunction((was) => {
        const shown = document.querySelector('[data-live="SEATED"]');
        return shown && Number(shown.textContent.replaceAll('.', '')) > was;
      }, before, { timeout: 5000 });
      const took = Date.now() - marked;
      expect(took < 1500, `the mark is on the nation's wall after ${took} ms`);
      expect(await figure(wall, 'SEATED') === before + 1, 'the nation counts exactly one more');
    }
    await phone.context().close();
  }

  // The day report, as it stands and as a table.
  const head = await person(stage);
  await signIn(stage, head, 'tinh-lanh-dao');
  await head.goto(board);
  await inspect(stage, head, 'the class day of a province');
  await head.locator('a', { hasText: 'Báo cáo ngày' }).first().click();
  await inspect(stage, head, 'the day report');
  expect((await head.locator('main').innerText()).includes('Học viên theo buổi'), 'the report has the half-days');
});
