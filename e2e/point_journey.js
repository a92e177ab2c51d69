// The day before: a commune reports its points from a phone without scripts, an officer measures a line in the browser,
// enters what broke, and the province reads it all.
'use strict';
const { journey, person, signIn, inspect, expect } = require('./stage');

async function ownPoint(page) {
  await page.goto('/lop');
  const classes = await page.$$eval('main table a[href^="/lop/"]', (all) => all.map((a) => a.getAttribute('href')));
  for (const address of classes) {
    await page.goto(address);
    const way = page.locator('main a', { hasText: 'Mở trang điểm cầu' });
    if (await way.count()) return { address, point: await way.first().getAttribute('href') };
  }
  throw new Error('no class with a point');
}

journey('points of a class', { clock: '2026-05-22T14:10' }, async (stage) => {
  const phone = await person(stage, { width: 360, height: 740, touch: true, scripts: false });
  await signIn(stage, phone, 'xa-van-thu');
  const { point } = await ownPoint(phone);
  await phone.goto(point);
  await phone.locator('details:has(form[action$="/khai-bao"]) summary').click();
  await phone.fill('form[action$="/khai-bao"] input[name=room]', 'Phòng họp trực tuyến tầng 2');
  await phone.fill('form[action$="/khai-bao"] input[name=technician_phone]', '0900 000 321');
  await phone.click('form[action$="/khai-bao"] button');
  expect(await phone.locator('main', { hasText: 'Phòng họp trực tuyến tầng 2' }).count(), 'a commune says where its point is, without scripts');
  const report = phone.locator('details:has(form[action$="/bao-cao"])');
  if (!(await report.getAttribute('open').then((open) => open !== null))) await report.locator('summary').click();
  await phone.fill('form[action$="/bao-cao"] input[name=points]', '1');
  await phone.fill('form[action$="/bao-cao"] input[name=heads]', '48');
  await phone.click('form[action$="/bao-cao"] button');
  expect(await phone.locator('main', { hasText: '1 điểm cầu, 48 đại biểu' }).count(), 'it reports its points and heads');

  const desk = await person(stage);
  await signIn(stage, desk, 'tinh-chuyen-vien');
  await desk.goto(`${point}/kiem-tra`);
  await inspect(stage, desk, 'line test');
  await desk.uncheck('[data-line-media]');
  const began = Date.now();
  await desk.click('[data-line-start]');
  await desk.waitForFunction(() => /^Đo xong/.test(document.querySelector('[data-line-status]').textContent), null, { timeout: 30000 });
  expect(Date.now() - began < 15000, 'a line is measured within 15 s');
  const figures = await desk.$$eval('[data-line-figure] input', (all) => Object.fromEntries(all.map((one) => [one.name, Number(one.value)])));
  expect(figures.rtt_ms > 0 && figures.down_kbps > 0 && figures.up_kbps > 0, 'delay and both rates are measured');
  await desk.check('[data-line-form] input[value=passed]');
  await desk.fill('[data-line-form] textarea', 'Đã gọi thử với phòng máy của tỉnh.');
  await desk.click('[data-line-form] button');
  expect(await desk.locator('main', { hasText: 'Đạt lúc' }).count(), 'the officer confirms, the point has passed');
  await inspect(stage, desk, 'point');

  await desk.locator('details:has(form[action$="/su-co"]) summary').click();
  await desk.check('form[action$="/su-co"] input[value=line], form[action$="/su-co"] select').catch(() => desk.selectOption('form[action$="/su-co"] select[name=kind]', 'line'));
  await desk.fill('form[action$="/su-co"] textarea', 'Mất hình khi nối với điểm cầu tỉnh.');
  await desk.click('form[action$="/su-co"] button');
  await inspect(stage, desk, 'incident');
  await desk.goto(point);
  await desk.locator('main a', { hasText: 'Các điểm cầu' }).first().click();
  await inspect(stage, desk, 'points of the province');
  expect(await desk.locator('main', { hasText: 'Đang có sự cố' }).count(), 'the province sees what broke');
  expect(await desk.locator('main', { hasText: '0900 000 321' }).count(), 'and whom to call');
});
