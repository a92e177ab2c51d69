// What pages gain when scripts run. Everything works without: forms are forms, links are links, boards reload.
'use strict';
(() => {
    const root = document.documentElement;
    root.classList.add('has-script');

    const two = (n) => String(n).padStart(2, '0');
    // The server's clock, also when this machine's is wrong; Viet Nam has one time, +07:00, all year.
    const clockOf = (ms) => {
        const d = new Date(ms + 7 * 3600000);
        return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
    };
    const clock = document.querySelector('[data-clock]');
    // A page that was kept for lost lines (roll_worker.js) says when it was kept, not what time it is.
    const ahead = clock && !('kept' in root.dataset) ? Number(clock.dataset.clock) - Date.now() : 0;
    const now = () => Date.now() + ahead;
    if (clock) {
        const isWall = root.classList.contains('projector');
        const show = () => { clock.textContent = isWall ? clockOf(now()) : clockOf(now()).slice(0, 5); };
        show();
        setInterval(show, isWall ? 1000 : 10000);
    }

    const say = (words) => {
        const toast = document.createElement('p');
        toast.className = 'toast';
        toast.setAttribute('role', 'status');
        toast.textContent = words;
        document.body.append(toast);
        setTimeout(() => toast.remove(), 4000);
    };

    // ---- small helpers of forms ----

    document.addEventListener('change', (event) => {
        const form = event.target.closest('form[data-auto]');
        if (form) form.requestSubmit();
    });

    document.addEventListener('change', (event) => {
        const box = event.target.closest('.file');
        const files = event.target.files;
        if (box && files)
            box.querySelector('.file-name').textContent =
                files.length ? [...files].map((f) => f.name).join(', ') : 'Chưa chọn tệp nào';
    });

    // A browser's own words for an empty field are in the browser's language; these are in the page's.
    document.addEventListener('invalid', (event) => {
        const input = event.target;
        if (input.validity.valueMissing) input.setCustomValidity('Xin điền mục này.');
        else if (input.validity.typeMismatch) input.setCustomValidity('Xin kiểm tra lại mục này.');
    }, true);
    document.addEventListener('input', (event) => {
        if (event.target.setCustomValidity) event.target.setCustomValidity('');
    });

    document.addEventListener('click', async (event) => {
        const button = event.target.closest('button');
        if (!button) return;
        if (button.hasAttribute('data-print')) window.print();
        if (button.dataset.copy) {
            const from = document.getElementById(button.dataset.copy);
            const text = from.value === undefined ? from.textContent : from.value;
            try {
                await navigator.clipboard.writeText(text);
                say('Đã chép. Dán vào Zalo, tin nhắn hoặc thư để gửi.');
            } catch {
                window.getSelection().selectAllChildren(from);
                say('Đã chọn sẵn nội dung. Bấm Ctrl+C để chép.');
            }
        }
    });

    // A list is found again as it was left: its place in the rail leads back to the filters used last.
    const kept = (path) => { try { return sessionStorage.getItem(`filters ${path}`); } catch { return null; } };
    const filters = document.querySelector('form.filters');
    if (filters) {
        const query = new URLSearchParams(location.search);
        for (const key of ['chieu', 'trang']) query.delete(key);
        for (const [key, value] of [...query]) if (!value) query.delete(key);
        try { sessionStorage.setItem(`filters ${location.pathname}`, query.toString()); } catch { /* private window */ }
        if (query.size) {
            const clear = document.createElement('a');
            clear.href = location.pathname;
            clear.className = 'clear';
            clear.textContent = 'Bỏ lọc';
            filters.querySelector('.button')?.after(clear);
        }
    }
    for (const link of document.querySelectorAll('.rail a[href^="/"]')) {
        const query = kept(link.getAttribute('href'));
        if (query) link.href += `?${query}`;
    }

    // One question before what cannot be taken back; and a form is sent once, however often it is pressed.
    const ask = (form, submitter) => {
        const dialog = document.createElement('dialog');
        const words = document.createElement('p');
        words.textContent = form.dataset.confirm;
        const row = document.createElement('div');
        row.className = 'form-actions';
        const no = document.createElement('button');
        no.className = 'button';
        no.textContent = 'Thôi';
        const yes = document.createElement('button');
        yes.className = 'button main';
        yes.textContent = (submitter && submitter.textContent.trim()) || 'Đồng ý';
        row.append(no, yes);
        dialog.append(words, row);
        dialog.setAttribute('aria-label', form.dataset.confirm);
        document.body.append(dialog);
        dialog.addEventListener('close', () => dialog.remove());
        no.addEventListener('click', () => dialog.close());
        yes.addEventListener('click', () => {
            dialog.close();
            form.dataset.asked = '1';
            form.requestSubmit(submitter || undefined);
        });
        dialog.showModal();
    };
    document.addEventListener('submit', (event) => {
        const form = event.target;
        if (form.dataset.confirm && !form.dataset.asked && window.HTMLDialogElement) {
            event.preventDefault();
            ask(form, event.submitter);
            return;
        }
        delete form.dataset.asked;
        if (form.method === 'get') return;
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = '1';
        setTimeout(() => form.querySelectorAll('button').forEach((b) => { b.disabled = true; }), 0);
        setTimeout(() => {
            const button = form.querySelector('.button.main, .button');
            if (button) button.textContent = 'Đang gửi…';
        }, 400);
    });
    // Coming back by the browser's button must find a form that can be sent.
    window.addEventListener('pageshow', (event) => {
        if (event.persisted && document.querySelector('form[data-sent]')) location.reload();
    });

    document.addEventListener('keydown', (event) => {
        if (event.key === '/' && event.ctrlKey) {
            const search = document.querySelector('.filters input');
            if (search) {
                search.focus();
                search.select();
                event.preventDefault();
            }
        }
        if (event.key === 'Escape' && root.classList.contains('projector')) {
            const url = new URL(location.href);
            url.searchParams.delete('chieu');
            location.assign(url);
        }
    });
    document.addEventListener('click', (event) => {
        const open = document.querySelector('details.who[open]');
        if (open && !open.contains(event.target)) open.open = false;
    });

    // A picture that changes by itself (the room's code); the old one stays until the new one is here.
    for (const image of document.querySelectorAll('img[data-refresh-ms]')) {
        const { src } = image;
        setInterval(() => {
            if (document.hidden) return;
            const next = new Image();
            next.onload = () => { image.src = next.src; };
            next.src = `${src}${src.includes('?') ? '&' : '?'}lan=${Date.now()}`;
        }, Math.max(1000, Number(image.dataset.refreshMs)));
    }

    // ---- live boards ----
    //
    // An event is {"at":ms,"set":{"key":"3.298"},"mark":{"44":"done"}}: [data-live="key"] shows the text (a progress
    // takes the number), [data-live-mark="44"] changes its state. What is more than figures stands in
    // [data-live-region="name"] and is fetched with the page again, at most every ten seconds.

    const status = document.querySelector('.live[data-live-url]');
    if (!status) return;
    const url = status.dataset.liveUrl;
    const words = { done: 'đã xong', due: 'đến hạn', soon: 'sắp đến hạn', late: 'quá hạn', unknown: 'chưa rõ', 'not-owed': 'không phải thực hiện' };
    let lastAt = clock ? Number(clock.dataset.clock) : now();
    let isLost = false;

    const showStatus = (lost) => {
        isLost = lost;
        status.classList.toggle('is-lost', lost);
        status.querySelector('use').setAttribute('href', lost ? '#mark-late' : '#mark-done');
        status.querySelector('span').textContent =
            lost ? `Mất kết nối · số liệu lúc ${clockOf(lastAt)}` : `Cập nhật lúc ${clockOf(lastAt)}`;
    };
    const flash = (element) => {
        element.classList.remove('flashed');
        void element.offsetWidth;
        element.classList.add('flashed');
    };
    const setText = (element, text) => {
        if (element instanceof HTMLProgressElement) {
            element.value = Number(text.replaceAll('.', ''));
        } else if (element.textContent !== text) {
            element.textContent = text;
            flash(element);
        }
    };
    const setMark = (element, mark) => {
        if (!(mark in words) || element.classList.contains(`is-${mark}`)) return;
        Object.keys(words).forEach((name) => element.classList.remove(`is-${name}`));
        element.classList.add(`is-${mark}`);
        const use = element.querySelector('use');
        if (use) use.setAttribute('href', `#mark-${mark}`);
        const said = element.querySelector('[data-live-words]');
        if (said) said.textContent = words[mark];
        flash(element);
    };

    // Markup of our own server, which is what the content security policy asks to be said.
    const policy = window.trustedTypes ? window.trustedTypes.createPolicy('diemcau', { createHTML: (text) => text }) : null;
    const ownHtml = (text) => (policy ? policy.createHTML(text) : text);

    const regions = () => [...document.querySelectorAll('[data-live-region]')];
    let regionsDueAt = 0;
    let isFetching = false;
    // The page once more, for what the stream does not carry, and instead of the stream when there is none.
    const refresh = async () => {
        if (isFetching) return;
        isFetching = true;
        try {
            const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
            if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
            const page = new DOMParser().parseFromString(ownHtml(await answer.text()), 'text/html');
            for (const region of regions()) {
                const fresh = page.querySelector(`[data-live-region="${CSS.escape(region.dataset.liveRegion)}"]`);
                if (fresh && fresh.innerHTML !== region.innerHTML && !region.contains(document.activeElement))
                    region.replaceWith(document.importNode(fresh, true));
            }
            for (const fresh of page.querySelectorAll('[data-live]'))
                document.querySelectorAll(`[data-live="${CSS.escape(fresh.dataset.live)}"]`).forEach((e) =>
                    setText(e, e instanceof HTMLProgressElement ? fresh.getAttribute('value') : fresh.textContent));
            const at = page.querySelector('[data-clock]');
            if (at) lastAt = Number(at.dataset.clock);
            showStatus(false);
        } catch {
            showStatus(true);
        } finally {
            isFetching = false;
        }
    };
    const refreshSoon = () => {
        if (regionsDueAt || regions().length === 0) return;
        regionsDueAt = setTimeout(() => { regionsDueAt = 0; if (!document.hidden) refresh(); }, 8000 + Math.random() * 4000);
    };

    const apply = (text) => {
        const event = JSON.parse(text);
        if (event.at) lastAt = event.at;
        for (const [key, value] of Object.entries(event.set || {}))
            document.querySelectorAll(`[data-live="${CSS.escape(key)}"]`).forEach((e) => setText(e, String(value)));
        for (const [key, mark] of Object.entries(event.mark || {}))
            document.querySelectorAll(`[data-live-mark="${CSS.escape(key)}"]`).forEach((e) => setMark(e, mark));
        showStatus(false);
        refreshSoon();
        document.dispatchEvent(new Event('live'));
    };

    // One tab holds the stream and tells the others; when it closes, the lock passes to the next.
    const channel = 'BroadcastChannel' in window ? new BroadcastChannel(`live ${url}`) : null;
    if (channel)
        channel.onmessage = (event) => (event.data === null ? showStatus(true) : apply(event.data));
    const tell = (data) => {
        if (channel) channel.postMessage(data);
        if (data === null) showStatus(true);
        else apply(data);
    };
    let polling = 0;
    const poll = () => {
        if (!polling) polling = setInterval(() => { if (!document.hidden) refresh(); }, 15000);
    };
    const listen = () => new Promise(() => {
        if (!('EventSource' in window)) {
            poll();
            return;
        }
        const source = new EventSource(url);
        source.onmessage = (event) => tell(event.data);
        source.onopen = () => {
            clearInterval(polling);
            polling = 0;
            // Whatever was missed while the line was down.
            if (isLost) refresh();
        };
        source.onerror = () => {
            tell(null);
            poll();
        };
    });
    if (navigator.locks && channel) navigator.locks.request(`live ${url}`, listen);
    else listen();
    document.addEventListener('visibilitychange', () => { if (!document.hidden && isLost) refresh(); });
})();
