// The reader's page: a value shows its place on the paper, selected words are offered to a field, a file can be dropped.
// Without this everything works by links and forms.
'use strict';
(() => {
    const sheet = document.querySelector('.sheet');

    // ---- a value's place ----

    // Text nodes of one paragraph with where each begins, in code points: the reader counts those, a browser counts UTF-16.
    const pieces = (paragraph) => {
        const walker = document.createTreeWalker(paragraph.querySelector('[data-text]'), NodeFilter.SHOW_TEXT);
        const list = [];
        let at = 0;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            list.push({ node, at });
            at += [...node.data].length;
        }
        return list;
    };
    const pointOf = (list, point) => {
        let found = list[0];
        for (const piece of list) if (piece.at <= point) found = piece;
        const offset = [...found.node.data].slice(0, point - found.at).join('').length;
        return [found.node, offset];
    };
    const highlight = 'highlights' in CSS && typeof Highlight === 'function';
    const show = (link) => {
        const paragraph = sheet && document.getElementById(`d${link.dataset.p}`);
        if (!paragraph) return false;
        sheet.querySelectorAll('.is-target').forEach((p) => p.classList.remove('is-target'));
        document.querySelectorAll('.is-shown-now').forEach((a) => a.classList.remove('is-shown-now'));
        paragraph.classList.add('is-target');
        link.classList.add('is-shown-now');
        const list = pieces(paragraph);
        const from = Number(link.dataset.from);
        const to = Number(link.dataset.to);
        if (highlight && list.length && to > from) {
            const range = new Range();
            range.setStart(...pointOf(list, from));
            range.setEnd(...pointOf(list, to));
            CSS.highlights.set('read-place', new Highlight(range));
        }
        paragraph.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
        return true;
    };
    document.addEventListener('click', (event) => {
        const link = event.target.closest('a[data-p]');
        if (link && show(link)) event.preventDefault();
    });

    // What is being changed stands beside where it was read, where both are in sight.
    const open = document.querySelector('.record-form[data-p]');
    if (open && matchMedia('(min-width: 1001px)').matches) show(open);

    // ---- words of the paper for a field ----

    const form = document.querySelector('[data-pick]');
    const hide = () => {
        form.classList.remove('is-floating');
        form.classList.add('is-hidden');
    };
    const offer = () => {
        const selection = getSelection();
        const words = selection.toString().replace(/\s+/g, ' ').trim();
        if (!words || selection.rangeCount === 0) return;
        const range = selection.getRangeAt(0);
        const start = range.startContainer;
        const element = start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement;
        const text = element && element.closest('[data-text]');
        if (!text || !sheet.contains(text)) return;
        const paragraph = text.closest('[data-n]');
        const piece = pieces(paragraph).find((one) => one.node === start);
        const from = piece ? piece.at + [...piece.node.data.slice(0, range.startOffset)].length : 0;
        form.elements.paragraph.value = paragraph.dataset.n;
        form.elements.from.value = from;
        form.elements.to.value = from + [...words].length;
        form.elements.text.value = words;
        form.classList.remove('is-hidden');
        form.classList.add('is-floating');
        const box = range.getBoundingClientRect();
        form.style.left = `${Math.max(16, Math.min(box.left, innerWidth - form.offsetWidth - 16))}px`;
        form.style.top = `${Math.max(8, Math.min(box.bottom + 8, innerHeight - form.offsetHeight - 8))}px`;
    };
    if (form && sheet) {
        sheet.addEventListener('mouseup', () => setTimeout(offer, 0));
        sheet.addEventListener('keyup', (event) => { if (event.shiftKey) offer(); });
        document.addEventListener('keydown', (event) => { if (event.key === 'Escape') hide(); });
        form.querySelector('[data-pick-close]').addEventListener('click', (event) => {
            event.preventDefault();
            hide();
        });
    }

    // ---- dropping a file ----

    const drop = document.querySelector('[data-drop]');
    if (drop) {
        const input = drop.querySelector('input[type="file"]');
        const over = (is) => (event) => {
            event.preventDefault();
            drop.classList.toggle('is-over', is);
        };
        drop.addEventListener('dragover', over(true));
        drop.addEventListener('dragleave', over(false));
        drop.addEventListener('drop', (event) => {
            over(false)(event);
            if (!event.dataTransfer.files.length) return;
            input.files = event.dataTransfer.files;
            input.dispatchEvent(new Event('change', { bubbles: true }));
            input.form.requestSubmit();
        });
    }
})();
