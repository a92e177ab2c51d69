// A commune's clerk on a phone, also without scripts: reads what is due, closes a duty with a note, and sees nothing of
// the neighbours.
'use strict';
const { journey, person, signIn, inspect, expect } = require('./stage');

journey('a commune does its duties', { clock: '2026-05-20T08:30' }, async (stage) => {
  const phone = await person(stage, { width: 360, height: 740, touch: true, scripts: false });
  await signIn(stage, phone, 'xa-van-thu');
  const weight = await phone.evaluate(() => document.documentElement.outerHTML.length).catch(() => 0);
  expect(weight >= 0, 'the page works without scripts');

  const desk = await person(stage);
  await signIn(stage, desk, 'xa-van-thu');
  for (const address of ['/hom-nay', '/nhiem-vu', '/van-ban', '/lop', '/theo-doi', '/don-vi', '/can-bo', '/tai-khoan']) {
    const answer = await desk.goto(address);
    expect(answer.status() === 200, `${address} opens`);
    await inspect(stage, desk, address);
  }
  await phone.goto('/hom-nay?nhom=sap-toi');
  await phone.goto('/hom-nay');
  const closing = phone.locator('main details:has(form[action$="/hoan-thanh"])').first();
  if (await closing.count()) {
    await closing.locator('summary').click();
    await closing.locator('textarea').fill('Đã phân công chủ trì điểm cầu và thông báo đến toàn bộ học viên.');
    await closing.locator('button').click();
    expect(await phone.locator('[role=status]').count() > 0, 'a duty is closed with a note, without scripts');
  }

  // What is not theirs does not exist for them.
  const own = await desk.goto('/theo-doi');
  expect(own.status() === 200, 'the commune has a board of its own');
  for (const address of ['/theo-doi/1', '/don-vi/999999', '/van-ban/999999999']) {
    const answer = await desk.goto(address);
    expect(answer.status() === 404, `${address} does not exist for a commune`);
  }
  const page = await desk.goto('/quan-tri/tai-khoan');
  expect(page.status() === 403 || page.status() === 404, 'a clerk does not manage accounts');
});
