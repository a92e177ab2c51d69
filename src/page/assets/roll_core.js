// The roll on a device, without a page: the rule of effective marks (the server's is src/roll/roll_rule.c; both are held
// to src/roll/testdata/rule_cases.txt), and what is kept, sent and believed (docs/roll-sync.md). Runs in a browser and,
// for e2e/roll_core_test.js, in node.
'use strict';
((make) => {
    if (typeof module === 'object' && module.exports) module.exports = make();
    else self.rollCore = make();
})(() => {
    const BATCH_MAX = 500;
    const SKEW_FLAG_MS = 120000;
    const BACKOFF_FIRST_MS = 2000;
    const BACKOFF_MAX_MS = 300000;
    const REASON_MAX = 300;
    const REPLACES_MAX = 8;
    const KEEP_MS = 30 * 86400000;
    const MARKS = { present: 'Có mặt', late: 'Muộn', excused: 'Vắng có lý do', absent: 'Vắng', none: 'Chưa điểm danh' };

    // ---- the rule ----

    // Each mark: {id, mark, time (corrected), replaces: [ids], reason}. The order they stand in says nothing.
    const headsOf = (marks) => {
        const replaced = new Set();
        for (const one of marks) for (const id of one.replaces) if (id !== one.id) replaced.add(id);
        const heads = marks.filter((one) => !replaced.has(one.id));
        return heads.length ? heads : marks;
    };
    const isLater = (a, b) => a.time > b.time || (a.time === b.time && a.id > b.id);
    const effective = (marks) => {
        const heads = headsOf(marks);
        if (!heads.length) return { mark: 'none', id: '', time: 0, reason: '', heads: [], isConflict: false };
        const best = heads.reduce((a, b) => (isLater(b, a) ? b : a));
        return {
            mark: best.mark, id: best.id, time: best.time, reason: best.reason || '', by: best.by || '',
            heads: heads.map((one) => one.id).sort(), isConflict: heads.some((one) => one.mark !== best.mark),
        };
    };

    // One learner's line: what the server said last, and this device's marks it does not know yet. The server's heads are
    // known by their ids only; each stands with what the server said of them all together.
    const lineOf = (entry, own, offset) => {
        const kept = [];
        const pending = own.filter((one) => one.state === 'unsent');
        if (entry) for (const id of entry.heads)
            kept.push({ id, mark: entry.mark, time: entry.at, reason: entry.reason, by: entry.by, replaces: [] });
        const known = new Set(kept.map((one) => one.id));
        for (const one of pending) if (!known.has(one.id)) kept.push({ ...one, time: one.at + offset });
        const line = effective(kept);
        const left = entry ? entry.heads.filter((id) => line.heads.includes(id)) : [];
        if (entry && entry.conflict && left.length > 1) line.isConflict = true;
        line.unsent = pending.length;
        line.elsewhere = Boolean(entry && entry.elsewhere && entry.heads.includes(line.id));
        return line;
    };

    // Who sits at another point today counts there; who came from another point counts here, and is expected there.
    const countsOf = (lines) => {
        const counts = { expected: 0, present: 0, late: 0, excused: 0, absent: 0, unmarked: 0, conflicts: 0 };
        for (const line of lines) {
            if (!line.isVisitor) counts.expected++;
            if (line.elsewhere && line.mark !== 'none') continue;
            if (line.mark === 'none') counts.unmarked += line.isVisitor ? 0 : 1;
            else counts[line.mark]++;
            if (line.mark === 'late') counts.present++;
            if (line.isConflict) counts.conflicts++;
        }
        return counts;
    };

    // ---- clocks ----

    // Midway between asking and hearing, as the server's clock showed it: what to add to this clock.
    const offsetOf = (askedAt, heardAt, serverNow) => Math.round(serverNow - (askedAt + heardAt) / 2);
    // The estimate with the shortest way is the best of the newest: half of that way is the most it can be wrong by.
    const bestOffset = (estimates) =>
        estimates.length ? estimates.reduce((a, b) => (b.way < a.way ? b : a)).offset : 0;
    const keepEstimate = (estimates, askedAt, heardAt, serverNow) => {
        const one = { offset: offsetOf(askedAt, heardAt, serverNow), way: heardAt - askedAt, at: heardAt };
        // A clock that was set anew makes every older estimate wrong, not only less exact.
        const still = estimates.filter((old) => Math.abs(old.offset - one.offset) <= (old.way + one.way) / 2 + 5000);
        return [...still, one].slice(-8);
    };

    // ---- sending ----

    // 2 s doubling to 5 min; half of it by chance, so that a district's phones do not come back in step.
    const backoff = (failures, random) => {
        const whole = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 20));
        return Math.round(whole / 2 + (whole / 2) * random());
    };
    const wireOf = (one) => (one.walk_in
        ? { id: one.id, session: one.session, at: one.at, n: one.n, walk_in: one.walk_in, source: one.source, by: one.by }
        : { id: one.id, session: one.session, at: one.at, n: one.n, learner: one.learner, mark: one.mark, reason: one.reason,
            replaces: one.replaces, source: one.source, by: one.by });
    const unsentOf = (marks) => marks.filter((one) => one.state === 'unsent').sort((a, b) => a.n - b.n);
    const bodyOf = (device, epoch, sentAt, marks) => ({ device, sent_at: sentAt, epoch, marks: marks.map(wireOf) });
    // The file for taking in by hand: the same bodies, as many as are needed.
    const fileOf = (device, epoch, sentAt, marks) => {
        const bodies = [];
        for (let i = 0; i < marks.length; i += BATCH_MAX) bodies.push(bodyOf(device, epoch, sentAt, marks.slice(i, i + BATCH_MAX)));
        return JSON.stringify(bodies.length === 1 ? bodies[0] : bodies);
    };
    const fileName = (point, device) => `diem-danh-${point}-${device}.json`;

    // A restored backup: another epoch, or the server has seen less of this device than it gave receipts for.
    const isRestored = (kept, epoch, last, marks) => {
        if (kept.epoch && kept.epoch !== epoch) return true;
        const highest = marks.reduce((n, one) => (one.state === 'stored' && one.n > n ? one.n : n), 0);
        return last !== undefined && last < highest;
    };

    const hexOf = (bytes) => {
        let text = '';
        for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
        return text;
    };
    const newId = (random) => hexOf(random(new Uint8Array(16)));

    // The learner's code in what a camera or a hand scanner read: the code alone, or the personal link with it.
    const codeIn = (text) => {
        const found = /^(?:https?:\/\/[^/?#]+)?\/hv\/([A-Za-z2-7]{26})(?:[/?#].*)?$/.exec(text.trim()) || /^([A-Za-z2-7]{26})$/.exec(text.trim());
        return found ? found[1].toUpperCase() : '';
    };
    const digestOf = async (subtle, code) => {
        const bytes = new Uint8Array(await subtle.digest('SHA-256', new TextEncoder().encode(code)));
        return hexOf(bytes.subarray(0, 16));
    };

    // What makes two spellings of a name one when searching: no marks, no case, đ is d.
    const plain = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replaceAll('đ', 'd');

    // ---- the device ----

    // Store (IndexedDB on a page, memory in a test and in a private window): all of it is durable when its promise is kept.
    //   get(key), set(key, value)     small things: device, clock estimates, package of a point
    //   add(mark)                     gives it the next running number, and keeps it
    //   all(point), put(marks)        the marks of a point; keeps marks changed by receipts
    //   drop(ids)
    class MemoryStore {
        constructor() { this.things = new Map(); this.marks = new Map(); this.n = 0; }
        async get(key) { return this.things.get(key); }
        async set(key, value) { this.things.set(key, value); }
        async add(mark) { mark.n = ++this.n; this.marks.set(mark.id, mark); return mark; }
        async all(point) { return [...this.marks.values()].filter((one) => one.point === point); }
        async put(marks) { for (const one of marks) this.marks.set(one.id, one); }
        async drop(ids) { for (const id of ids) this.marks.delete(id); }
    }

    // Where a round of talking to the server ended.
    const TALK = { done: 'done', more: 'more', lost: 'lost', signedOut: 'signed_out', refused: 'refused' };

    class Device {
        // ask(method, what, body) -> {status, json}, and throws when nothing came; what: 'package' or 'send'.
        constructor({ point, store, ask, now, random, mono }) {
            Object.assign(this, { point, store, ask, now, random });
            this.mono = mono || now; // how long an answer took, by a clock that nobody sets
            this.kept = null; // the package
            this.marks = [];
            this.estimates = [];
            this.batchMax = BATCH_MAX;
            this.turn = Promise.resolve();
        }
        // Keeping a mark and reading all of them again take turns: neither may miss the other.
        inTurn(what) {
            const done = this.turn.then(what);
            this.turn = done.catch(() => {});
            return done;
        }

        async open() {
            this.id = await this.store.get('device');
            if (!this.id) {
                this.id = newId(this.random);
                await this.store.set('device', this.id);
            }
            await this.reload();
        }
        reload() {
            return this.inTurn(async () => {
                this.kept = (await this.store.get(`package ${this.point}`)) || null;
                this.estimates = (await this.store.get('clock')) || [];
                this.marks = await this.store.all(this.point);
            });
        }

        get offset() { return bestOffset(this.estimates); }
        get serverNow() { return this.now() + this.offset; }
        get isClockWrong() { return Math.abs(this.offset) > SKEW_FLAG_MS; }
        session(key) { return this.kept && this.kept.sessions.find((one) => one.key === key); }
        own(session, learner) {
            return this.marks.filter((one) => one.session === session && one.learner === learner && one.state !== 'set_aside');
        }
        line(session, learner) {
            const entry = this.kept && this.kept.marks[session] && this.kept.marks[session][learner];
            return lineOf(entry, this.own(session, learner), this.offset);
        }
        unsent() { return unsentOf(this.marks); }
        setAside() { return this.marks.filter((one) => one.state === 'set_aside'); }

        // Kept on the device when this returns; sending is another matter.
        mark({ session, learner, mark, reason = '', source = 'officer' }) {
            const at = this.now();
            return this.inTurn(() => {
                const replaces = this.line(session, learner).heads.slice(0, REPLACES_MAX);
                return this.add({ session, learner, mark, reason: reason.trim().slice(0, REASON_MAX), replaces, source, at });
            });
        }
        walkIn(session, walk_in) {
            const at = this.now();
            return this.inTurn(() => this.add({ session, walk_in, source: 'officer', at }));
        }
        async add(what) {
            const one = { id: newId(this.random), point: this.point, ...what, by: this.kept ? this.kept.actor : '',
                state: 'unsent', words: '', receipt_at: 0 };
            await this.store.add(one);
            this.marks.push(one);
            return one;
        }

        // The package afresh, with what it says about backups.
        async refresh() {
            const askedAt = this.now();
            const from = this.mono();
            const { status, json } = await this.ask('GET', 'package', { may: this.id });
            const heardAt = askedAt + (this.mono() - from);
            if (status === 401) return TALK.signedOut;
            if (status !== 200 || !json || !json.epoch) return status === 403 || status === 404 ? TALK.refused : TALK.lost;
            await this.learnClock(askedAt, heardAt, json.now);
            const last = (json.last || {})[this.id];
            const told = `${json.epoch} ${last}`;
            // Once for each such word of the server: a server that keeps saying it must not be sent everything for ever.
            const lacks = this.kept && isRestored(this.kept, json.epoch, last, this.marks);
            if (lacks && this.kept.refilled !== told) await this.sendAllAgain();
            await this.keep({ ...json, heardAt, refilled: lacks ? told : '' });
            return TALK.done;
        }
        async learnClock(askedAt, heardAt, serverNow) {
            this.estimates = keepEstimate(this.estimates, askedAt, heardAt, serverNow);
            await this.store.set('clock', this.estimates);
        }
        async keep(what) {
            this.kept = what;
            await this.store.set(`package ${this.point}`, what);
        }
        async sendAllAgain() {
            const again = this.marks.filter((one) => one.state === 'stored');
            for (const one of again) one.state = 'unsent';
            await this.store.put(again);
        }

        // One batch up and its receipts down. Says whether there is more to send.
        async send() {
            if (!this.kept) return this.refresh();
            const batch = this.unsent().slice(0, this.batchMax);
            if (!batch.length) return TALK.done;
            const askedAt = this.now();
            const from = this.mono();
            const { status, json } = await this.ask('POST', 'send', bodyOf(this.id, this.kept.epoch, askedAt, batch), this.kept.csrf);
            const heardAt = askedAt + (this.mono() - from);
            if (status === 200 && json && Array.isArray(json.receipts)) {
                await this.learnClock(askedAt, heardAt, json.now);
                return this.takeReceipts(json, batch, heardAt);
            }
            return this.takeRefusal(status, json, batch);
        }
        async takeReceipts(json, batch, heardAt) {
            const isOther = json.epoch !== this.kept.epoch;
            const byId = new Map(batch.map((one) => [one.id, one]));
            if (isOther) await this.sendAllAgain();
            const changed = [];
            for (const receipt of json.receipts) {
                const one = byId.get(receipt.id);
                if (!one || !['stored', 'already', 'set_aside'].includes(receipt.state)) continue;
                one.state = receipt.state === 'set_aside' ? 'set_aside' : 'stored';
                one.words = receipt.words || '';
                one.receipt_at = heardAt;
                changed.push(one);
            }
            await this.store.put(changed);
            await this.keep({ ...this.kept, epoch: json.epoch, now: json.now, heardAt, marks: { ...this.kept.marks, ...json.marks } });
            if (!changed.length) return TALK.lost; // an answer without one receipt of ours is no answer
            this.batchMax = BATCH_MAX;
            return this.unsent().length ? TALK.more : TALK.done;
        }
        // A refusal of the whole upload: the marks stay. What the server cannot take at all is found by halving, so that
        // one bad mark does not hold up the rest, and is set aside here with the server's words.
        async takeRefusal(status, json, batch) {
            if (status === 401) return TALK.signedOut;
            if (status === 403 && !this.isCsrfTried) {
                this.isCsrfTried = true; // another session's token: take the new one along and try once more
                try {
                    const said = await this.refresh();
                    return said === TALK.done ? await this.send() : said;
                } finally {
                    this.isCsrfTried = false;
                }
            }
            if (status === 403 || status === 404) return TALK.refused;
            if (![400, 413, 422].includes(status) || !json) return TALK.lost;
            if (batch.length > 1) {
                this.batchMax = Math.ceil(batch.length / 2);
                return TALK.more;
            }
            batch[0].state = 'set_aside';
            batch[0].words = json.words || json.error || 'Máy chủ không nhận được lượt này';
            await this.store.put(batch);
            return this.unsent().length ? TALK.more : TALK.done;
        }

        // Everything that can be sent, then what the others did.
        async talk() {
            for (let rounds = 0; rounds < 2; rounds++) {
                const sent = await this.sendAll();
                if (sent !== TALK.done) return sent;
                const fresh = await this.refresh();
                if (fresh !== TALK.done || !this.unsent().length) return fresh;
            }
            return TALK.more;
        }
        async sendAll() {
            for (;;) {
                const said = await this.send();
                if (said !== TALK.more && (said !== TALK.done || !this.unsent().length)) return said;
            }
        }

        // Marks stay until the class is over and 30 days more; what was never received stays for ever.
        async tidy() {
            if (!this.kept) return;
            const until = this.kept.keep_until || Math.max(0, ...this.kept.sessions.map((one) => one.starts_at)) + KEEP_MS;
            const isOver = this.kept.sessions.every((one) => one.closed) || this.kept.keep_until;
            if (!isOver || this.serverNow < until) return;
            const ids = this.marks.filter((one) => one.state === 'stored').map((one) => one.id);
            await this.store.drop(ids);
            this.marks = this.marks.filter((one) => one.state !== 'stored');
        }
    }

    return { BATCH_MAX, SKEW_FLAG_MS, REASON_MAX, MARKS, TALK, MemoryStore, Device, headsOf, effective, lineOf, countsOf, offsetOf, keepEstimate,
        bestOffset, backoff, wireOf, bodyOf, fileOf, fileName, isRestored, newId, codeIn, digestOf, plain };
});
