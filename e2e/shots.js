// Pictures of the main pages, as the docs show them: real pages of the small demo.
'use strict';
const path = require('path');
const { journey, person, signIn } = require('./stage');

const folder = process.argv[2] || path.join(__dirname, '..', 'docs', 'shots');

// A page is an address, or how to come there from the first page.
const shootFrom = (stage) => async (role, size, pages) => {
  const page = await person(stage, size);
  await signIn(stage, page, role);
  for (const [name, way] of pages) {
    if (typeof way === 'string') await page.goto(way);
    else await way(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: path.join(folder, `${name}.png`) });
  }
};

const weekOfTheClass = () => journey('pictures of the week before', { clock: '2026-05-20T08:30' }, async (stage) => {
  const shoot = shootFrom(stage);
  await shoot('hoc-vien-lanh-dao', { width: 1280, height: 800 }, [['board-nation', '/theo-doi']]);
  await shoot('tinh-chuyen-vien', { width: 1280, height: 800 }, [
    ['board-province', '/theo-doi'], ['course', '/lop'],
    ['reading', async (page) => {
      await page.goto('/nhan-van-ban');
      await page.setInputFiles('main input[type=file]', path.join(__dirname, '..', 'src/reader/testdata/papers/tuning/t06_tinh_uy_lop_truc_tuyen.txt'));
      await Promise.all([page.waitForURL(/nhan-van-ban\/\d+/), page.click('main form:has(input[type=file]) button')]);
    }],
  ]);
  await shoot('xa-van-thu', { width: 360, height: 740 }, [['today-commune', '/hom-nay']]);
});

const morningOfTheClass = () => journey('pictures of the morning', { clock: '2026-05-23T09:00' }, async (stage) => {
  const shoot = shootFrom(stage);
  const follow = (selector) => async (page) => {
    await page.goto(new URL(await page.locator(selector).first().getAttribute('href'), page.url()).href);
  };
  await shoot('hoc-vien-lanh-dao', { width: 1280, height: 800 }, [
    ['class-day', async (page) => { await page.goto('/hom-nay'); await follow('main a[href*="/ngay-hoc"]')(page); }],
  ]);
  await shoot('lop-truong', { width: 360, height: 740 }, [
    ['roll', async (page) => {
      await page.goto('/diem-danh');
      await follow('main a[href^="/diem-danh/"]')(page);
      await page.waitForSelector('#roll-list li');
    }],
  ]);
});

weekOfTheClass().then(morningOfTheClass);
