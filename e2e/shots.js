// Pictures of the main pages, as the docs show them: real pages of the small demo.
'use strict';
const path = require('path');
const { journey, person, signIn } = require('./stage');

const folder = process.argv[2] || path.join(__dirname, '..', 'docs', 'shots');

journey('pictures', { clock: '2026-05-20T08:30' }, async (stage) => {
  const shoot = async (role, size, pages) => {
    const page = await person(stage, size);
    await signIn(stage, page, role);
    for (const [name, address] of pages) {
      await page.goto(address);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
    }
  };
  await shoot('hoc-vien-lanh-dao', { width: 1280, height: 800 }, [['board-nation', '/theo-doi']]);
  await shoot('tinh-chuyen-vien', { width: 1280, height: 800 }, [['board-province', '/theo-doi'], ['course', '/lop']]);
  await shoot('xa-van-thu', { width: 360, height: 740 }, [['today-commune', '/hom-nay']]);
});
