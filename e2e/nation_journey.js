// The Academy issues its plan; a province follows it and reminds the silent; a commune acknowledges and closes a duty;
// a stranger is stopped. Every page passed is inspected, at 1280 and at 360 px.
'use strict';
const { journey, person, signIn, inspect, expect } = require('./stage');

const number = (text) => Number(text.replaceAll('.', ''));
const figure = async (page, key) => number(await page.locator(`[data-live="${key}"]`).first().innerText());

journey('the plan goes out', { clock: '2026-05-14T07:30' }, async (stage) => {
  // The Academy.
  const head = await person(stage);
  await signIn(stage, head, 'hoc-vien-lanh-dao');
  await inspect(stage, head, 'Hôm nay of the Academy');
  await head.goto('/van-ban?hop=du-thao');
  await inspect(stage, head, 'papers');
  await head.getByRole('link', { name: /664-KH\/HVCTQG/ }).first().click();
  await inspect(stage, head, 'the draft');
  expect(await head.getByText('Dự thảo').count() > 0, 'the plan is a draft before it is issued');
  const draftUrl = head.url();
  await head.getByRole('link', { name: 'Ban hành' }).first().click();
  await inspect(stage, head, 'before issuing');
  expect(/3\.35\d|3\.32\d/.test(await head.locator('main').innerText()), 'the page says to how many units it would go');
  await head.locator('main form[action$="/ban-hanh"] button').first().click();
  const dialog = head.locator('dialog button.main');
  if (await dialog.count()) await dialog.click();
  await head.waitForURL((url) => !url.pathname.endsWith('/ban-hanh'));
  expect(await head.getByText('Đã ban hành').count() > 0, 'the plan is issued');
  await inspect(stage, head, 'the issued paper');

  // The nation's board.
  await head.goto('/theo-doi');
  await inspect(stage, head, 'the nation');
  expect(await head.locator('.tile-map .tile').count() === 34, 'the map has 34 provinces');
  const before = await figure(head, 'PAPER');

  // A commune, on a phone.
  const phone = await person(stage, { width: 360, height: 740, touch: true });
  const clerk = await signIn(stage, phone, 'xa-van-thu');
  await inspect(stage, phone, 'Hôm nay of a commune');
  expect(new URL(phone.url()).pathname === '/hom-nay', 'a clerk lands on Hôm nay');
  expect((await phone.locator('main').innerText()).includes('664-KH/HVCTQG'), 'the duty names the paper that orders it');
  await phone.locator('main form[action$="/tiep-nhan"] button').first().click();
  await phone.waitForLoadState();
  expect(await phone.locator('[role=status]').count() > 0, 'the clerk is told that it is recorded');
  await head.waitForFunction((was) => {
    const shown = document.querySelector('[data-live="PAPER"]');
    return shown && Number(shown.textContent.replaceAll('.', '')) > was;
  }, before, { timeout: 5000 });
  expect(await figure(head, 'PAPER') === before + 1, 'the open board of the nation shows it by itself');

  // The province, whose board has the commune, and who reminds the others.
  const province = await person(stage);
  await signIn(stage, province, 'tinh-chuyen-vien');
  await province.goto('/theo-doi');
  await inspect(stage, province, 'the province');
  expect(await province.locator('.unit-grid .tile').count() === 96, 'Quảng Ngãi has 96 communes');
  expect(await figure(province, 'PAPER') >= 1, `${clerk.unit} counts in its province`);
  await province.getByRole('link', { name: /Nhắc các đơn vị/ }).click();
  await inspect(stage, province, 'who has not acknowledged');
  await province.locator('main form[action$="/nhac"] button').first().click();
  await province.waitForURL(/nhac-viec/);
  await inspect(stage, province, 'the reminder');
  const words = await province.locator('main').innerText();
  expect(words.includes('664-KH/HVCTQG') && words.length > 200, 'the reminder has words to send');

  // A stranger.
  const stranger = await person(stage);
  await stranger.goto(draftUrl);
  expect(new URL(stranger.url()).pathname === '/dang-nhap', 'a stranger is sent to the door');
  await inspect(stage, stranger, 'the door');
});
