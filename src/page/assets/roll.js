// The roll's page with scripts: forty names, one thumb, for days without a network. The server's own markup
// (docs/roll-sync.md) is taken over as it stands; what is kept, sent and believed is roll_core.js.
'use strict';
(() => {
    const root = document.getElementById('roll');
    const list = document.getElementById('roll-list');
    if (!root || !list || !self.rollCore) return;
    const core = self.rollCore;
    const TALK = core.TALK;
    const POLL_MS = 30000;       // how old the others' marks may be while the page is looked at
    const POLL_HIDDEN_MS = 300000;
    const ASK_MS = 60000;        // a batch of 500 on a line of 20 kbit/s
    const asset = (url) => url;  // tools/pack.c puts the address there
    const scanFiles = [asset('./roll_scan.js'), asset('./qr/decode.js'), asset('./qr/index.js')];
    const isKeptPage = 'kept' in document.documentElement.dataset;
    const point = Number(root.dataset.point);
    const session = Number(location.pathname.split('/')[3]) || Number(root.dataset.session);
    const isBorrowed = session !== Number(root.dataset.session); // kept for another half-day of the point
    const short = { present: 'Có mặt', late: 'Muộn', excused: 'Phép', absent: 'Vắng' };
    const keys = { 1: 'present', 2: 'late', 3: 'excused', 4: 'absent', 0: 'none' };

    const two = (n) => String(n).padStart(2, '0');
    const inVietNam = (ms) => new Date(ms + 7 * 3600000);
    const clockOf = (ms) => `${two(inVietNam(ms).getUTCHours())}:${two(inVietNam(ms).getUTCMinutes())}`;
    // An hour alone says too little once the day is another.
    const timeOf = (ms) => {
        const then = inVietNam(ms);
        const isToday = then.toISOString().slice(0, 10) === inVietNam(device.serverNow).toISOString().slice(0, 10);
        return isToday ? clockOf(ms) : `${clockOf(ms)} ngày ${then.getUTCDate()}/${then.getUTCMonth() + 1}`;
    };
    const spanOf = (ms) => {
        const minutes = Math.round(Math.abs(ms) / 60000);
        return minutes < 600 ? `${minutes} phút` : minutes < 2880 ? `${Math.round(minutes / 60)} giờ` : `${Math.round(minutes / 1440)} ngày`;
    };
    const make = (tag, className, text, more = {}) => {
        const element = document.createElement(tag);
        if (className) element.className = className;
        if (text) element.textContent = text;
        for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
        return element;
    };
    const button = (words, press, className = 'button') => {
        const one = make('button', className, words, { type: 'button' });
        one.addEventListener('click', press);
        return one;
    };
    const setText = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };

    // ---- what is kept on the device ----

    // IndexedDB; what it refuses stays in memory, and the page says so.
    class PageStore {
        constructor(db) { this.db = db; this.memory = new core.MemoryStore(); this.trouble = db ? '' : 'none'; }
        static open() {
            return new Promise((resolve) => {
                const give = (db) => resolve(new PageStore(db));
                try {
                    const request = indexedDB.open('diem-danh', 1);
                    request.onupgradeneeded = () => {
                        request.result.createObjectStore('things');
                        request.result.createObjectStore('marks', { keyPath: 'id' }).createIndex('point', 'point');
                    };
                    request.onsuccess = () => {
                        request.result.onversionchange = () => request.result.close();
                        give(request.result);
                    };
                    request.onerror = () => give(null);
                    request.onblocked = () => give(null);
                } catch {
                    give(null);
                }
            });
        }
        // work(stores) returns the request whose result is wanted; kept when the whole transaction is.
        run(stores, mode, work) {
            return new Promise((resolve, reject) => {
                const transaction = this.db.transaction(stores, mode, { durability: 'strict' });
                let wanted = null;
                transaction.oncomplete = () => resolve(wanted && wanted.result);
                transaction.onerror = transaction.onabort = () => reject(transaction.error);
                wanted = work(...stores.map((name) => transaction.objectStore(name)));
            });
        }
        // The write in the database; in memory when it refuses, for as long as the page is open.
        async either(inDatabase, inMemory) {
            if (this.db) {
                try {
                    return await inDatabase();
                } catch (error) {
                    this.trouble = error && error.name === 'QuotaExceededError' ? 'full' : 'broken';
                }
            }
            return inMemory();
        }
        get(key) {
            return this.memory.things.has(key) ? this.memory.get(key)
                : this.either(() => this.run(['things'], 'readonly', (things) => things.get(key)), () => this.memory.get(key));
        }
        set(key, value) {
            return this.either(() => this.run(['things'], 'readwrite', (things) => things.put(value, key)), () => this.memory.set(key, value));
        }
        async add(mark) {
            const kept = await this.either(() => this.run(['things', 'marks'], 'readwrite', (things, marks) => {
                const count = things.get('count');
                count.onsuccess = () => {
                    mark.n = (count.result || 0) + 1;
                    things.put(mark.n, 'count');
                    marks.put(mark);
                };
                return count;
            }).then(() => mark), () => this.memory.add(mark));
            this.memory.n = Math.max(this.memory.n, mark.n);
            return kept;
        }
        async all(of) {
            const kept = await this.either(() => this.run(['marks'], 'readonly', (marks) => marks.index('point').getAll(of)), () => []);
            const inMemory = await this.memory.all(of);
            const newer = new Set(inMemory.map((one) => one.id));
            return [...kept.filter((one) => !newer.has(one.id)), ...inMemory];
        }
        async put(marks) {
            const held = marks.filter((one) => this.memory.marks.has(one.id));
            await this.memory.put(held);
            const rest = marks.filter((one) => !this.memory.marks.has(one.id));
            if (rest.length)
                await this.either(() => this.run(['marks'], 'readwrite', (store) => { for (const one of rest) store.put(one); }), () => this.memory.put(rest));
        }
        async drop(ids) {
            await this.memory.drop(ids);
            await this.either(() => this.run(['marks'], 'readwrite', (store) => { for (const id of ids) store.delete(id); }), () => {});
        }
        async forget(of, ids) {
            await this.drop(ids);
            const gone = [`package ${of}`, `notes ${of}`];
            for (const key of gone) this.memory.things.delete(key);
            await this.either(() => this.run(['things'], 'readwrite', (things) => { for (const key of gone) things.delete(key); }), () => {});
        }
    }

    // ---- talking to the server ----

    async function ask(method, what, body, csrf) {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), ASK_MS);
        const url = what === 'package' ? `${root.dataset.package}?may=${body.may}` : root.dataset.send;
        const more = method === 'POST' ? { headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRF': csrf }, body: JSON.stringify(body) }
            : { headers: { Accept: 'application/json' } };
        try {
            const response = await fetch(url, { method, credentials: 'same-origin', cache: 'no-store', redirect: 'manual', signal: abort.signal, ...more });
            if (response.type === 'opaqueredirect') return { status: 401, json: null };
            return { status: response.status, json: await response.json().catch(() => null) };
        } finally {
            clearTimeout(timer);
        }
    }

    let device = null;
    let store = null;
    let said = '';        // how the last round ended
    let saidAt = 0;       // server's clock, when it last ended well
    let failures = 0;
    let timer = 0;
    let isTalking = false;
    let talkedAt = 0;
    let dueAt = 0;
    let isWanted = false; // something came up while talking
    const channel = 'BroadcastChannel' in self ? new BroadcastChannel('diem-danh') : null;
    const tellTabs = () => { if (channel) channel.postMessage(point); };

    // One tab of the device sends at a time; the lock is held only for a round, so that a sleeping tab keeps nobody out.
    const alone = (work) => (navigator.locks
        ? navigator.locks.request(`diem-danh ${point}`, { ifAvailable: true }, (lock) => (lock ? work() : 'elsewhere')) : work());
    const later = (ms) => { clearTimeout(timer); dueAt = Date.now() + ms; timer = setTimeout(talk, ms); };

    async function talk() {
        if (isTalking) {
            isWanted = true;
            return;
        }
        isTalking = true;
        isWanted = false;
        clearTimeout(timer);
        showFooter();
        let end = TALK.lost;
        try {
            end = await alone(async () => { await device.reload(); return device.talk(); });
        } catch { /* the line is gone: everything is kept */ }
        isTalking = false;
        talkedAt = Date.now();
        if (end === 'elsewhere') {
            await device.reload();
            later(3000);
        } else {
            said = end;
            failures = end === TALK.done || end === TALK.more ? 0 : failures + 1;
            if (!failures) {
                saidAt = device.serverNow;
                await device.tidy();
            }
            tellTabs();
            if (isWanted || end === TALK.more) later(200);
            else if (failures) later(core.backoff(failures, Math.random));
            else later((document.hidden ? POLL_HIDDEN_MS : POLL_MS) * (0.7 + 0.6 * Math.random()));
        }
        showAll();
    }
    // What is pressed in a row goes up together; a line known to be gone is not tried for each tap.
    const talkSoon = () => { if (!failures) later(300); };
    const talkAgain = () => { failures = 0; later(100 + Math.random() * 400); };
    // Told that something changed at the point: others' marks are fetched, but not after each tap of our own.
    function listen() {
        if (!('EventSource' in window)) return;
        new EventSource(root.dataset.live).onmessage = () => {
            if (isTalking || failures) return;
            const ms = Date.now() - talkedAt < 2500 ? 2500 + Math.random() * 1500 : 200 + Math.random() * 800;
            if (Date.now() + ms < dueAt) later(ms); // never puts off what waits to be sent
        };
    }

    // ---- the rows ----

    const rows = new Map(); // learner id -> row
    const noteOf = (learner) => learner.note || [learner.title, learner.unit].filter(Boolean).join(' · ');

    function adopt(row) {
        rows.set(Number(row.dataset.learner), row);
        row.querySelectorAll('button').forEach((one) => { one.type = 'button'; });
    }
    function buildRow(learner) {
        const row = make('li', 'roll-row', '', { id: `hv-${learner.id}`, 'data-learner': learner.id, 'data-mark': 'none', 'data-conflict': '0',
            'data-code': learner.code || '', 'data-name': learner.name });
        const name = make('p', 'roll-name');
        name.append(make('b', '', learner.name), ' ', make('span', 'note', noteOf(learner)));
        const marks = make('div', 'roll-marks', '', { role: 'group', 'aria-label': `Điểm danh ${learner.name}` });
        for (const [mark, words] of Object.entries(short))
            marks.append(make('button', 'button small', words, { type: 'button', name: 'luot', 'data-mark': mark, 'aria-pressed': 'false' }));
        row.append(name, make('p', 'roll-said note'), marks);
        return row;
    }

    // What the page itself says, as a package: marks can be made before the first one has come.
    function packageOfPage() {
        const marks = {};
        const learners = [...list.querySelectorAll('.roll-row')].map((row) => {
            const data = row.dataset;
            const heads = data.heads ? data.heads.split(',') : [];
            if (heads.length) marks[data.learner] = { mark: data.mark, at: Number(data.at), by: '', heads, conflict: data.conflict === '1', reason: data.reason || '' };
            return { id: Number(data.learner), name: data.name, note: row.querySelector('.note')?.textContent || '', code: data.code };
        });
        const clock = document.querySelector('[data-clock]');
        const name = document.querySelector('h1')?.textContent.trim() || '';
        return { epoch: root.dataset.epoch, now: clock ? Number(clock.dataset.clock) : 0, csrf: document.querySelector('#roll-form input[name=csrf]')?.value || '',
            actor: document.querySelector('.who-name')?.textContent.trim() || '', may: { mark: root.dataset.mayMark === '1' }, learners,
            sessions: [{ key: session, name, starts_at: Number(root.dataset.startsAt) || 0, closed: root.dataset.closed === '1' }],
            marks: { [session]: marks }, isOfPage: true };
    }
    async function takePage() {
        const page = packageOfPage();
        const kept = device.kept;
        if (!kept) {
            if (!isBorrowed) await device.keep(page);
        } else if (!isBorrowed && page.now > kept.now && page.epoch === kept.epoch) {
            await device.keep({ ...kept, now: page.now, csrf: page.csrf, actor: page.actor, marks: { ...kept.marks, ...page.marks },
                learners: page.learners.map((one) => ({ ...kept.learners.find((old) => old.id === one.id), ...one })) });
        }
    }

    function layRows() {
        const wanted = device.kept.learners;
        for (const learner of wanted) if (!rows.has(learner.id)) adopt(buildRow(learner));
        // The page's own further rows are visitors from other points; on another half-day's page they are nobody.
        const ids = new Set(wanted.map((one) => one.id));
        for (const [id, row] of rows) {
            if (ids.has(id)) continue;
            if (isBorrowed) { row.remove(); rows.delete(id); } else list.append(row);
        }
        // Only what stands elsewhere is moved: moving a row takes the finger's focus away from it.
        wanted.forEach((one, i) => { if (list.children[i] !== rows.get(one.id)) list.insertBefore(rows.get(one.id), list.children[i] || null); });
    }

    const saidOf = (line) => {
        const words = [];
        if (line.isConflict) words.push('Chưa thống nhất, đang tính:');
        if (line.mark === 'none' && !line.isConflict) return line.unsent ? 'Đã bỏ ghi · chưa gửi' : '';
        const isMine = line.by === device.kept.actor && !line.isConflict;
        words.push([core.MARKS[line.mark], line.unsent ? 'chưa gửi' : '', line.time ? timeOf(line.time) : '', line.by && !isMine ? `${line.by} ghi` : '', line.reason,
            line.elsewhere ? 'tại điểm cầu khác' : ''].filter(Boolean).join(' · '));
        if (line.isConflict) words.push('· bấm một mục để thống nhất');
        return words.join(' ');
    };
    function showRow(row, line) {
        row.dataset.mark = line.mark;
        row.dataset.conflict = line.isConflict ? '1' : '0';
        row.classList.toggle('is-unsent', line.unsent > 0);
        if (!device.kept.isOfPage || line.unsent) setText(row.querySelector('.roll-said'), saidOf(line));
        row.querySelectorAll('.roll-marks button').forEach((one) => one.setAttribute('aria-pressed', String(one.dataset.mark === line.mark)));
    }

    let lines = new Map();
    function showAll() {
        if (!device.kept) {
            showFooter();
            return;
        }
        layRows();
        const own = new Set(device.kept.learners.map((one) => one.id));
        lines = new Map([...rows.keys()].map((id) => [id, { ...device.line(session, id), isVisitor: !own.has(id) }]));
        for (const [id, line] of lines) showRow(rows.get(id), line);
        const of = device.session(session);
        const may = device.kept.may;
        if (of) root.dataset.closed = of.closed ? '1' : '0';
        if (may) root.dataset.mayMark = may.mark ? '1' : '0';
        showCounts();
        showWalkIns();
        renewForms();
        showFooter();
        showAlerts();
        filter();
    }
    const isOpen = () => root.dataset.closed !== '1' && root.dataset.mayMark === '1';

    function showCounts() {
        const counts = core.countsOf(lines.values());
        for (const [name, value] of Object.entries(counts))
            document.querySelectorAll(`[data-roll-figure="${name}"]`).forEach((one) => setText(one, String(value)));
        setText(foot.count, `${counts.present}/${counts.expected} có mặt`);
        foot.blank.textContent = counts.unmarked ? `${counts.unmarked} chưa điểm danh` : 'Đủ mọi người';
    }
    // The forms below the list belong to the session of now, and a kept page's ids may have been used already.
    function renewForms() {
        if (!device.kept.csrf) return;
        document.querySelectorAll('main input[name=csrf]').forEach((one) => { one.value = device.kept.csrf; });
    }
    function renewFactIds() {
        document.querySelectorAll('main input[name=fact_id]').forEach((one) => { one.value = core.newId((bytes) => crypto.getRandomValues(bytes)); });
    }

    // ---- marking ----

    let undo = null;
    const reasons = {
        excused: ['Ốm', 'Việc gia đình', 'Công tác đột xuất', 'Dự họp cấp trên'],
        settle: ['Đã hỏi lại học viên', 'Đã đối chiếu danh sách ký', 'Ghi nhầm'],
    };

    // One question in words; null when it was closed without an answer.
    function askReason(title, choices) {
        return new Promise((resolve) => {
            const dialog = make('dialog', 'roll-reason', '', { 'aria-label': title });
            const form = make('form', '', '', { method: 'dialog' });
            const input = make('input', '', '', { name: 'reason', maxlength: core.REASON_MAX, 'aria-label': 'Lý do', autocomplete: 'off', required: '' });
            const picks = make('p', 'actions');
            for (const words of choices) picks.append(button(words, () => { input.value = words; form.requestSubmit(); }, 'button small'));
            const row = make('div', 'form-actions');
            row.append(button('Thôi', () => dialog.close()), make('button', 'button main', 'Ghi', { type: 'submit' }));
            form.append(make('p', '', title), picks, input, row);
            let answer = null;
            form.addEventListener('submit', (event) => {
                event.preventDefault();
                event.stopPropagation(); // not a form of the server's: app.js must not take it for sent
                answer = input.value.trim();
                if (answer) dialog.close();
            });
            dialog.append(form);
            dialog.addEventListener('close', () => { dialog.remove(); resolve(answer); });
            document.body.append(dialog);
            dialog.showModal();
            // On a phone the keyboard would cover the ready answers.
            if (matchMedia('(pointer: fine)').matches) input.focus();
        });
    }

    const sayDone = (words, canUndo) => {
        setText(foot.last, words);
        foot.undo.hidden = !canUndo;
        showFooter();
    };
    const nameOf = (id) => rows.get(id)?.dataset.name || '';
    async function press(id, mark) {
        if (!isOpen()) return;
        const before = device.line(session, id);
        if (before.mark === mark && !before.isConflict) return;
        let reason = '';
        if (mark === 'excused') reason = await askReason(`${nameOf(id)} vắng vì lý do gì?`, reasons.excused);
        else if (before.isConflict) reason = await askReason(`Thống nhất “${core.MARKS[mark]}” cho ${nameOf(id)}, vì sao?`, reasons.settle);
        if (reason === null) return;
        await keep(id, mark, reason, 'officer');
        undo = { id, mark: before.mark, reason: before.reason, isConflict: before.isConflict };
        sayDone(`${nameOf(id)}: ${core.MARKS[mark]}`, !before.isConflict);
    }
    async function keep(id, mark, reason, source) {
        await device.mark({ session, learner: id, mark, reason, source });
        const row = rows.get(id);
        const line = { ...device.line(session, id), isVisitor: lines.get(id)?.isVisitor };
        lines.set(id, line);
        showRow(row, line);
        row.classList.remove('flashed');
        void row.offsetWidth;
        row.classList.add('flashed');
        showCounts();
        showFooter();
        showAlerts();
        tellTabs();
        talkSoon();
        persist();
    }
    async function takeBack() {
        if (!undo) return;
        const { id, mark, reason } = undo;
        undo = null;
        await keep(id, mark, reason, 'officer');
        sayDone(`${nameOf(id)}: đã hoàn tác`, false);
    }

    // ---- forms below the list ----

    // Somebody who is on no list: kept and sent like a mark, so that it works without a network too.
    const openedAt = Date.now();
    async function takeWalkIn(form) {
        const value = (name) => (form.elements[name]?.value || '').trim();
        const name = value('full_name');
        if (!name) return;
        await device.walkIn(session, { name, title: value('title'), unit: value('unit_name') });
        form.reset();
        showAll();
        tellTabs();
        talkSoon();
        persist();
    }
    function showWalkIns() {
        const box = document.querySelector('#den-them .rows');
        if (!box || isBorrowed) return;
        box.querySelectorAll('[data-own]').forEach((one) => one.remove());
        const own = device.marks.filter((one) => one.walk_in && one.session === session && one.state !== 'set_aside' && (one.state === 'unsent' || one.receipt_at > openedAt));
        for (const one of own) {
            const item = make('li', '', '', { 'data-own': '' });
            item.append(make('p', '', [one.walk_in.name, one.walk_in.title, one.walk_in.unit, timeOf(one.at + device.offset),
                one.state === 'unsent' ? 'chưa gửi' : 'đã gửi'].filter(Boolean).join(' · ')));
            box.append(item);
        }
    }
    const talkedOut = async () => {
        while (isTalking) await new Promise((resolve) => setTimeout(resolve, 50));
        await talk();
    };
    async function closeAfterSending(form) {
        await talkedOut();
        const unsent = device.unsent().length;
        alert('close', 'soon', unsent ? `Còn ${unsent} lượt chưa gửi, kết thúc lúc này thì số báo cáo sẽ thiếu. Xin kết thúc khi đã gửi hết.` : '');
        if (!unsent) form.requestSubmit();
    }
    root.addEventListener('submit', (event) => {
        const form = event.target;
        const action = form.getAttribute('action') || '';
        const hold = () => { event.preventDefault(); event.stopPropagation(); };
        if (action.endsWith('/den-them')) {
            hold();
            takeWalkIn(form);
        } else if (action.endsWith('/ket-thuc') && device.unsent().length) {
            hold();
            closeAfterSending(form);
        } else if (failures && form.method === 'post') {
            hold(); // the browser's own page of a lost line would take what was typed with it
            alert('needs-line', 'soon', 'Việc này cần có mạng; nội dung đã điền vẫn còn đây. Xin gửi lại khi có mạng.');
            talkAgain();
        }
    });

    let isPersistAsked = false;
    function persist() {
        if (isPersistAsked || !navigator.storage || !navigator.storage.persist) return;
        isPersistAsked = true;
        navigator.storage.persist().catch(() => {});
    }

    list.addEventListener('click', (event) => {
        const row = event.target.closest('.roll-row');
        if (!row || event.target.closest('a')) return;
        event.preventDefault();
        const pressed = event.target.closest('button[data-mark]');
        press(Number(row.dataset.learner), pressed ? pressed.dataset.mark : 'present');
    });

    // ---- keyboard: arrows between rows and buttons, 1-4 mark, 0 takes the mark off, letters search ----

    const visibleRows = () => [...list.children].filter((row) => !row.hidden);
    function focusRow(row, mark) {
        const target = row && (row.querySelector(`button[data-mark="${mark || 'present'}"]`) || row.querySelector('button'));
        if (!target) return;
        target.focus();
        row.scrollIntoView({ block: 'nearest' });
    }
    function move(row, step, mark) {
        const all = visibleRows();
        const at = row ? all.indexOf(row) : -1;
        focusRow(row ? all[Math.min(all.length - 1, Math.max(0, at + step))] : all.find((one) => one.dataset.mark === 'none') || all[0], mark);
    }
    document.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]')) return;
        const inField = event.target.closest('input, select, textarea');
        const row = event.target.closest('.roll-row');
        const mark = event.target.closest('button[data-mark]')?.dataset.mark;
        if (inField && inField !== find) return;
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            if (inField) move(null);
            else move(row, event.key === 'ArrowDown' ? 1 : -1, mark);
        } else if (row && mark && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
            const side = event.key === 'ArrowRight' ? 'nextElementSibling' : 'previousElementSibling';
            event.target.closest('button')[side]?.focus();
        } else if (event.key === 'Escape' && find.value) {
            find.value = '';
            filter();
        } else if (inField && event.key === 'Enter') {
            const code = core.codeIn(find.value);
            if (code) {
                scanned(find.value).then((result) => sayDone(result.words, Boolean(undo)));
                find.value = '';
                filter();
            } else {
                focusRow(visibleRows()[0]);
            }
        } else if (row && !inField && event.key in keys) {
            const at = visibleRows();
            press(Number(row.dataset.learner), keys[event.key]).then(() => { if (keys[event.key] !== 'excused') focusRow(at[at.indexOf(row) + 1] || row, mark); });
        } else if (!inField && event.key.length === 1 && /\p{L}/u.test(event.key)) {
            find.focus(); // the letter itself lands there
            return;
        } else {
            return;
        }
        event.preventDefault();
    });

    // ---- above the list: search, messages, readiness; below: the footer that is always there ----

    const find = make('input', '', '', { type: 'search', id: 'roll-find', 'aria-label': 'Tìm theo tên', placeholder: 'Tìm theo tên', autocomplete: 'off' });
    let isBlankOnly = false;
    function filter() {
        const wanted = core.plain(find.value.trim());
        for (const row of rows.values()) {
            const text = core.plain(row.querySelector('.roll-name').textContent);
            row.hidden = (wanted && !core.codeIn(find.value) && !text.includes(wanted)) || (isBlankOnly && row.dataset.mark !== 'none' && !row.contains(document.activeElement));
        }
    }
    const foot = { box: make('div', 'roll-foot'), count: make('b', 'roll-count num'), line: make('span', 'roll-line'), done: make('p', 'roll-done'),
        last: make('span'), blank: null, undo: null, sent: null };
    const head = { alerts: make('div', 'roll-alerts'), ready: make('p', 'roll-ready note') };
    let scanButton = null;

    function build() {
        const bar = make('div', 'roll-bar');
        foot.blank = button('', () => {
            isBlankOnly = !isBlankOnly;
            foot.blank.setAttribute('aria-pressed', String(isBlankOnly));
            filter();
        });
        foot.blank.setAttribute('aria-pressed', 'false');
        bar.append(find, foot.blank);
        find.addEventListener('input', filter);
        document.getElementById('roll-form').before(head.alerts, head.ready, bar);
        foot.undo = button('Hoàn tác', takeBack, 'link');
        foot.undo.hidden = true;
        foot.sent = document.getElementById('roll-status');
        const words = make('div', 'roll-words');
        const first = make('p');
        first.append(foot.count, ' ', foot.line);
        words.append(first, foot.sent);
        foot.done.append(foot.last, ' ', foot.undo);
        scanButton = button('Quét mã', openScanner);
        foot.box.append(foot.done, words, scanButton);
        root.append(foot.box);
        document.body.classList.add('has-roll');
        document.getElementById('roll-tools')?.append(button('Xuất lượt chưa gửi ra tệp', exportFile), button('Xóa dữ liệu điểm danh trên máy này', forget));
    }

    function showFooter() {
        const unsent = device.unsent();
        const oldest = unsent.length ? timeOf(unsent[0].at + device.offset) : '';
        let words = '';
        if (unsent.length) words = `Chưa gửi: ${unsent.length} lượt, cũ nhất ${oldest}`;
        else if (device.marks.length && device.marks.some((one) => one.receipt_at))
            words = `Đã gửi hết lúc ${timeOf(Math.max(...device.marks.map((one) => one.receipt_at)) + device.offset)}`;
        else words = 'Chưa có lượt nào từ máy này';
        setText(foot.sent, words);
        let line = '';
        if (said === TALK.signedOut) line = '▲ cần đăng nhập';
        else if (failures) line = device.kept && device.kept.now ? `▲ mất kết nối từ ${timeOf(device.kept.now)}` : '▲ mất kết nối';
        else if (isTalking && unsent.length) line = 'đang gửi…';
        else if (said) line = '● trực tuyến';
        setText(foot.line, line);
        foot.done.hidden = !foot.last.textContent;
        foot.box.classList.toggle('is-soon', unsent.length > 0);
        foot.box.classList.toggle('is-lost', failures > 0);
        scanButton.hidden = !isOpen();
    }

    const alerts = new Map();
    function alert(key, kind, words, link) {
        const old = alerts.get(key);
        if (!words) {
            if (old) old.remove();
            alerts.delete(key);
            return;
        }
        const box = old || make('div', '', '', { role: kind === 'late' ? 'alert' : 'status' });
        box.className = `message is-${kind}`;
        if (!old) {
            box.append(make('p'));
            head.alerts.append(box);
            alerts.set(key, box);
        }
        const p = box.firstChild;
        if (p.dataset.words === words) return;
        p.dataset.words = words;
        p.textContent = words;
        if (link) p.append(' ', link);
    }
    function showAlerts() {
        const unsent = device.unsent().length;
        const kept = unsent ? `${unsent} lượt chưa gửi được giữ trên máy này` : 'Không có lượt nào bị mất';
        const signIn = make('a', '', 'Đăng nhập để gửi', { href: `/dang-nhap?tiep=${encodeURIComponent(location.pathname)}` });
        alert('signed-out', 'soon', said === TALK.signedOut ? `Phiên làm việc đã hết. ${kept}; vẫn điểm danh tiếp được.` : '', signIn);
        alert('refused', 'soon', said === TALK.refused
            ? `Tài khoản đang đăng nhập không điểm danh được điểm cầu này. ${kept}; người phụ trách đăng nhập lại thì máy tự gửi, hoặc xuất ra tệp.` : '');
        alert('kept-page', 'soon', isKeptPage && failures && device.kept && device.kept.now
            ? `Đang mở bản lưu trên máy, số liệu lúc ${timeOf(device.kept.now)}. Vẫn điểm danh được; các lượt sẽ tự gửi khi có mạng.` : '');
        alert('no-package', 'late', device.kept ? '' : 'Máy này chưa lưu danh sách của điểm cầu. Xin mở lại trang khi có mạng.');
        alert('store', 'late', {
            none: 'Trình duyệt này không cho lưu dữ liệu (cửa sổ riêng tư). Chỉ điểm danh khi có mạng; đóng trang thì mất lượt chưa gửi.',
            full: 'Máy không còn chỗ lưu. Các lượt mới chỉ nằm trong trang đang mở: xin gửi ngay khi có mạng hoặc xuất ra tệp trước khi đóng trang, rồi xóa bớt ảnh, tệp trên máy.',
            broken: 'Trình duyệt không ghi được vào bộ nhớ của máy. Các lượt mới chỉ nằm trong trang đang mở: xin gửi ngay khi có mạng hoặc xuất ra tệp trước khi đóng trang.',
        }[store.trouble] || '');
        alert('clock', 'soon', device.isClockWrong
            ? `Đồng hồ máy này chạy ${device.offset > 0 ? 'chậm' : 'nhanh'} ${spanOf(device.offset)} so với hệ thống. Các lượt vẫn được giữ và hệ thống tự chỉnh lại giờ; nên bật giờ tự động trong phần cài đặt của máy.` : '');
        const behind = device.kept && device.kept.heardAt ? device.kept.heardAt - Date.now() : 0;
        alert('clock-back', 'soon', behind > core.SKEW_FLAG_MS && !device.isClockWrong
            ? `Đồng hồ máy này vừa bị vặn lùi ít nhất ${spanOf(behind)}. Các lượt vẫn được giữ; giờ sẽ được chỉnh lại khi gửi.` : '');
        const aside = device.setAside();
        alert('set-aside', 'late', aside.length
            ? `${aside.length} lượt hệ thống để riêng, chưa tính: ${[...new Set(aside.map((one) => one.words))].slice(0, 3).join('; ')}.` : '');
        const conflicts = [...lines.values()].filter((line) => line.isConflict).length;
        alert('conflict', 'late', conflicts ? `${conflicts} người được các máy ghi khác nhau; xin xem các dòng có dấu ▲ và thống nhất.` : '');
        const of = device.session(session);
        alert('closed', 'soon', of && of.closed ? 'Buổi này đã kết thúc nên không ghi thêm được. Muốn sửa, xin mở lại buổi và ghi lý do.' : '');
        const notes = unknown.length;
        alert('unknown', 'soon', notes ? `${notes} mã quét không có trong danh sách điểm cầu (${unknown.slice(-3).map((one) => `…${one.tail} lúc ${timeOf(one.at)}`).join(', ')}).` : '',
            button('Đã xem', () => { unknown = []; store.set(`notes ${point}`, unknown); showAlerts(); }, 'link'));
    }

    // ---- ready for no network: tried, not assumed ----

    async function checkReady() {
        const kept = device.kept;
        const asked = [location.pathname];
        let isPageKept = false;
        try {
            const files = await caches.open('diem-danh-tep');
            const all = await Promise.all(filesOfPage().map((url) => files.match(url)));
            const page = await (await caches.open('diem-danh-trang')).match(asked[0]);
            isPageKept = Boolean(page) && all.every(Boolean) && Boolean(navigator.serviceWorker && (await navigator.serviceWorker.getRegistration('/diem-danh/'))?.active);
        } catch { /* no such thing here */ }
        let words = '';
        if (!kept || kept.isOfPage) words = 'Chưa sẵn sàng ngoại tuyến: đang lấy danh sách về máy';
        else if (store.trouble) words = 'Chưa sẵn sàng ngoại tuyến: trình duyệt không lưu được dữ liệu';
        else if (!isPageKept) words = 'serviceWorker' in navigator ? 'Chưa sẵn sàng ngoại tuyến: đang lưu trang vào máy'
            : 'Trình duyệt này không mở lại được trang khi mất mạng: xin giữ trang này mở, các lượt vẫn được lưu trên máy';
        else words = `Sẵn sàng ngoại tuyến: ${kept.learners.length} người, lúc ${timeOf(kept.now)}`;
        setText(head.ready, words);
        return words.startsWith('Sẵn sàng');
    }
    const filesOfPage = () => [...document.querySelectorAll('script[src^="/t/"], link[rel=stylesheet], link[rel=icon], link[rel=manifest]')]
        .map((one) => new URL(one.src || one.href).pathname);
    const tellWorker = (worker, what) => new Promise((resolve, reject) => {
        const pipe = new MessageChannel();
        pipe.port1.onmessage = (event) => (event.data === 'done' ? resolve() : reject(new Error(event.data)));
        worker.postMessage(what, [pipe.port2]);
    });
    async function keepPage() {
        if (!('serviceWorker' in navigator)) return;
        const policy = self.trustedTypes ? self.trustedTypes.createPolicy('diem-danh', { createScriptURL: (url) => url }) : null;
        const address = '/diem-danh/sw.js';
        await navigator.serviceWorker.register(policy ? policy.createScriptURL(address) : address, { scope: '/diem-danh/' });
        const { active } = await navigator.serviceWorker.ready;
        await tellWorker(active, { keep: location.pathname, files: filesOfPage() });
        // The scanner comes along by itself where the browser reads no codes, once the page has long been usable.
        if (!('BarcodeDetector' in self)) setTimeout(() => tellWorker(active, { keep: location.pathname, files: scanFiles }).catch(() => {}), 5000);
    }

    // ---- scanning ----

    let unknown = [];
    async function scanned(text) {
        const code = core.codeIn(text);
        if (!code) return { kind: 'late', words: 'Đây không phải mã học viên' };
        const digest = await core.digestOf(crypto.subtle, code);
        const learner = device.kept.learners.find((one) => one.code === digest);
        if (!learner) {
            unknown = [...unknown.filter((one) => one.digest !== digest), { at: device.serverNow, tail: code.slice(-4), digest }];
            await store.set(`notes ${point}`, unknown);
            showAlerts();
            return { kind: 'late', words: `Mã …${code.slice(-4)} không có trong danh sách điểm cầu; đã giữ lại để xem sau` };
        }
        const line = device.line(session, learner.id);
        if (line.mark === 'present' || line.mark === 'late') return { kind: 'done', words: `${learner.name}: đã ghi ${core.MARKS[line.mark].toLowerCase()} lúc ${timeOf(line.time)}` };
        if (!isOpen()) return { kind: 'late', words: `${learner.name}: buổi này không ghi thêm được` };
        const of = device.session(session);
        const isLate = of && of.starts_at && device.serverNow > of.starts_at;
        await keep(learner.id, isLate ? 'late' : 'present', '', 'scan');
        undo = { id: learner.id, mark: line.mark, reason: line.reason };
        sayDone(`${learner.name}: ${isLate ? 'Muộn' : 'Có mặt'}`, true);
        return { kind: isLate ? 'soon' : 'done', words: `${learner.name}: ${isLate ? 'Muộn' : 'Có mặt'}` };
    }
    async function openScanner() {
        try {
            const { openScanner: open } = await import('./roll_scan.js');
            alert('scan', 'late', '');
            await open({ take: scanned, count: () => foot.count.textContent });
        } catch {
            alert('scan', 'late', 'Chưa tải được phần quét mã vì không có mạng. Xin gõ tên để tìm, hoặc thử lại khi có mạng.');
        }
    }

    // ---- by hand ----

    function exportFile() {
        const unsent = device.unsent();
        if (!unsent.length) {
            alert('file', 'done', 'Mọi lượt của máy này đã gửi, không có gì để xuất.');
            return;
        }
        const text = core.fileOf(device.id, device.kept.epoch, Date.now(), unsent);
        const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
        const link = make('a', '', '', { href: url, download: core.fileName(point, device.id) });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(url), 60000);
        alert('file', 'done', `Đã xuất ${unsent.length} lượt ra tệp ${core.fileName(point, device.id)}. Mở trang này trên bất kỳ máy nào có mạng, chọn “Nhập tệp điểm danh từ thiết bị khác”; nhập hai lần cũng chỉ tính một.`);
    }
    async function forget() {
        if (device.unsent().length) {
            alert('forget', 'soon', 'Máy này còn lượt chưa gửi nên chưa xóa. Xin gửi hết hoặc xuất ra tệp trước.');
            return;
        }
        await store.forget(point, device.marks.map((one) => one.id));
        const worker = (await navigator.serviceWorker?.getRegistration('/diem-danh/'))?.active;
        if (worker) await tellWorker(worker, { drop: point }).catch(() => {});
        location.assign('/hom-nay');
    }

    // ---- start ----

    // A page kept for another half-day: its words and its forms speak of that one.
    function borrow() {
        const of = device.session(session);
        const title = `Điểm danh ${of ? of.name : ''}`;
        setText(document.querySelector('h1'), title);
        document.title = title;
        root.dataset.session = session;
        root.querySelectorAll(':scope > section, :scope > details, :scope > p:not([id]), :scope > .empty').forEach((one) => { one.hidden = true; });
        root.querySelectorAll('.tabs a').forEach((link) => {
            if (link.pathname === location.pathname) link.setAttribute('aria-current', 'page');
            else link.removeAttribute('aria-current');
        });
    }

    async function start() {
        store = await PageStore.open();
        device = new core.Device({ point, store, ask, now: Date.now, random: (bytes) => crypto.getRandomValues(bytes),
            mono: () => performance.now() });
        await device.open();
        unknown = (await store.get(`notes ${point}`)) || [];
        list.querySelectorAll('.roll-row').forEach(adopt);
        if (isKeptPage) {
            document.querySelectorAll('main > .message').forEach((one) => one.remove());
            renewFactIds();
        }
        await takePage();
        build();
        if (isBorrowed) borrow();
        showAll();
        showAlerts();
        root.dataset.ready = '1';
        if (channel) channel.onmessage = async (event) => {
            if (event.data !== point || isTalking) return;
            await device.reload();
            showAll();
        };
        addEventListener('online', talkAgain);
        document.addEventListener('visibilitychange', () => { if (!document.hidden) talkAgain(); });
        addEventListener('beforeunload', (event) => { if (store.trouble && device.unsent().length) event.preventDefault(); });
        await talk();
        await keepPage().catch(() => {});
        await checkReady();
        listen();
        setInterval(checkReady, 20000);
    }
    start();
})();
