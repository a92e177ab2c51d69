// The line test of a point: delay, loss, rate both ways against this server, camera and microphone, and an echo of picture
// and sound through the server's gateway when it has one. Measures, fills the form, and leaves the verdict to the officer.
'use strict';
(() => {
    const box = document.querySelector('[data-line-test]');
    if (!box) return;
    const form = box.querySelector('[data-line-form]');
    const button = box.querySelector('[data-line-start]');
    const status = box.querySelector('[data-line-status]');
    const bar = box.querySelector('[data-line-progress]');
    const media = box.querySelector('[data-line-media]');
    const base = box.dataset.base;
    const PINGS = 20, PING_MS = 1500, WAY_MS = 2500, PARTS_AT_ONCE = 2, WAITS = 30;
    const WAY_BYTES = 48 << 20; // what a ticket carries each way (line_test.h)

    const say = (words, done) => {
        status.textContent = words;
        bar.hidden = done === undefined;
        if (done !== undefined) bar.value = done;
    };
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

    class Refused extends Error {}
    // The server's words when it says no; ours when the line does.
    const ask = async (path, options, ms) => {
        const answer = await fetch(`${base}/${path}`, {
            cache: 'no-store', headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(ms), ...options,
        });
        if (!answer.ok) {
            const said = await answer.json().catch(() => ({}));
            const refused = new Refused(said.words || 'Máy chủ chưa nhận được yêu cầu, xin thử lại.');
            refused.status = answer.status;
            throw refused;
        }
        return answer;
    };
    const post = async (path, fields, ms) => (await ask(path, { method: 'POST', body: new URLSearchParams({ csrf: box.dataset.csrf, ...fields }) }, ms)).json();

    const takeTicket = async () => {
        for (let i = 0; i < WAITS; i++) {
            const said = await post('luot', {}, 8000);
            if (said.ticket) return said.ticket;
            for (let left = said.wait || 1; left > 0; left--) {
                say(`Các điểm cầu khác đang kiểm tra; tự bắt đầu sau ${left} giây. Đồng chí cứ để trang này mở.`, 0);
                await pause(1000);
            }
        }
        throw new Refused('Các điểm cầu khác vẫn đang kiểm tra; xin bấm lại sau ít phút.');
    };

    const measureDelay = async (ticket) => {
        const took = [];
        let lost = 0;
        await ask(`nhip?ve=${ticket}`, {}, PING_MS).catch((error) => { if (error instanceof Refused) throw error; }); // opens the connection
        const until = performance.now() + 4000;
        let sent = 0;
        for (; sent < PINGS && performance.now() < until; sent++) {
            const from = performance.now();
            try {
                await (await ask(`nhip?ve=${ticket}`, {}, PING_MS)).text();
                took.push(performance.now() - from);
            } catch (error) {
                if (error instanceof Refused) throw error;
                lost++;
            }
        }
        if (took.length === 0) throw new Refused('Đường truyền không có trả lời; xin kiểm tra kết nối rồi đo lại.');
        took.sort((a, b) => a - b);
        const at = (share) => Math.max(1, Math.round(took[Math.min(took.length - 1, Math.floor(took.length * share))]));
        return { rtt_ms: at(0.5), rtt_p95_ms: Math.max(at(0.5), at(0.95)), loss_permille: Math.round((lost * 1000) / sent) };
    };

    // Parts one after another on two connections, until the time is up; what has arrived by then counts.
    const measureWay = async (move) => {
        const from = performance.now();
        const until = from + WAY_MS;
        let bytes = 0;
        let asked = 0;
        let last = from;
        const run = async () => {
            let kb = 64;
            while (performance.now() < until) {
                const began = performance.now();
                asked += kb * 1024;
                if (asked > WAY_BYTES) return;
                const moved = await move(kb, Math.max(50, until - began + 500), (part) => { bytes += part; last = performance.now(); });
                if (!moved) return;
                if (performance.now() - began < 400) kb = Math.min(1024, kb * 2);
            }
        };
        await Promise.all(Array.from({ length: PARTS_AT_ONCE }, run));
        return Math.max(1, Math.round((bytes * 8) / Math.max(1, last - from)));
    };
    const down = (ticket) => measureWay(async (kb, ms, count) => {
        try {
            const reader = (await ask(`xuong?ve=${ticket}&kb=${kb}`, {}, ms)).body.getReader();
            for (let part = await reader.read(); !part.done; part = await reader.read()) count(part.value.length);
            return true;
        } catch (error) {
            if (error instanceof Refused && error.status !== 409) throw error;
            return false; // the time or the bytes are used up
        }
    });
    const noise = new Uint8Array(1 << 20);
    const up = (ticket) => measureWay(async (kb, ms, count) => {
        const fields = new FormData();
        fields.append('csrf', box.dataset.csrf);
        fields.append('ve', ticket);
        fields.append('phan', new Blob([noise.subarray(0, kb * 1024)]), 'phan.bin');
        try {
            await ask('len', { method: 'POST', body: fields }, ms);
            count(kb * 1024);
            return true;
        } catch (error) {
            if (error instanceof Refused && error.status !== 409) throw error;
            return false;
        }
    });

    // Asked before the measuring begins: a person may take a while to allow it.
    const openMedia = async () => {
        if (!media.checked) return { camera: '', microphone: '', stream: null };
        if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return { camera: 'no', microphone: 'no', stream: null };
        say('Trình duyệt hỏi quyền dùng camera, micro; xin bấm cho phép.');
        const get = (wanted) => navigator.mediaDevices.getUserMedia(wanted).catch(() => null);
        let stream = await get({ audio: true, video: { width: 640 } });
        if (stream) return { camera: 'yes', microphone: 'yes', stream };
        const sound = await get({ audio: true });
        const picture = await get({ video: true });
        for (const track of picture ? picture.getTracks() : []) track.stop();
        for (const track of sound ? sound.getTracks() : []) track.stop();
        return { camera: picture ? 'yes' : 'no', microphone: sound ? 'yes' : 'no', stream: null };
    };

    const gathered = (peer, ms) => new Promise((resolve) => {
        if (peer.iceGatheringState === 'complete') resolve();
        peer.addEventListener('icegatheringstatechange', () => { if (peer.iceGatheringState === 'complete') resolve(); });
        setTimeout(resolve, ms);
    });
    const connected = (peer, ms) => new Promise((resolve) => {
        peer.addEventListener('connectionstatechange', () => { if (peer.connectionState === 'connected') resolve(true); });
        setTimeout(() => resolve(peer.connectionState === 'connected'), ms);
    });
    const readEcho = async (peer) => {
        let received = 0, lost = 0, rtt = 0;
        (await peer.getStats()).forEach((one) => {
            if (one.type === 'inbound-rtp') {
                received += one.packetsReceived || 0;
                lost += Math.max(0, one.packetsLost || 0);
            }
            if (one.type === 'candidate-pair' && one.nominated && one.currentRoundTripTime) rtt = Math.round(one.currentRoundTripTime * 1000);
        });
        if (received === 0) return { echo: 'failed' };
        return { echo: 'ok', echo_rtt_ms: Math.max(1, rtt), echo_loss_permille: Math.round((lost * 1000) / (received + lost)) };
    };
    const measureEcho = async (ticket, stream) => {
        const peer = new RTCPeerConnection();
        try {
            for (const track of stream.getTracks()) peer.addTrack(track, stream);
            await peer.setLocalDescription(await peer.createOffer());
            await gathered(peer, 1000);
            let said = null;
            for (let i = 0; i < 4 && !said; i++) {
                said = await post('vong', { ve: ticket, sdp: peer.localDescription.sdp }, 4000).catch((error) => {
                    if (error.status !== 503) throw error;
                });
                if (!said) await pause(400);
            }
            if (!said) return {}; // the gateway is busy or silent: that is not the line's fault
            const waits = connected(peer, 2500);
            await peer.setRemoteDescription({ type: 'answer', sdp: said.sdp });
            if (!(await waits)) return { echo: 'failed' };
            await pause(2000);
            return await readEcho(peer);
        } catch (error) {
            if (error instanceof Refused && error.status === 404) return {};
            return { echo: 'failed' };
        } finally {
            peer.close();
        }
    };

    const words = { yes: 'có', no: 'không thấy', ok: 'có', failed: 'không' };
    const show = (figures) => {
        let isGood = true;
        for (const row of form.querySelectorAll('[data-line-figure]')) {
            const name = row.dataset.lineFigure;
            const value = figures[name] === undefined ? '' : figures[name];
            const number = Number(value), min = Number(row.dataset.min), max = Number(row.dataset.max);
            row.querySelector('input').value = value;
            row.querySelector('output').textContent =
                value === '' ? '-' : words[value] || `${new Intl.NumberFormat('vi-VN').format(number)} ${row.dataset.unit}`;
            const isBad = value === 'no' || value === 'failed' || (value !== '' && !(value in words) && (number < min || (max > 0 && number > max)));
            row.classList.toggle('is-late', isBad);
            if (isBad) isGood = false;
        }
        form.querySelector(`input[name="result"][value="${isGood ? 'passed' : 'failed'}"]`).checked = true;
        form.hidden = false;
        return isGood;
    };

    const run = async () => {
        const seen = await openMedia();
        let figures = { camera: seen.camera, microphone: seen.microphone };
        const close = () => { for (const track of seen.stream ? seen.stream.getTracks() : []) track.stop(); };
        try {
            if (!('echo' in box.dataset)) close();
            const ticket = await takeTicket();
            say('Đang đo độ trễ…', 10);
            figures = { ...figures, ...(await measureDelay(ticket)) };
            say('Đang đo tốc độ tải xuống…', 35);
            figures.down_kbps = await down(ticket);
            say('Đang đo tốc độ tải lên…', 60);
            for (let at = 0; at < noise.length; at += 65536) crypto.getRandomValues(noise.subarray(at, at + 65536));
            figures.up_kbps = await up(ticket);
            if ('echo' in box.dataset && seen.stream) {
                say('Đang kiểm tra hình, tiếng vọng lại…', 80);
                figures = { ...figures, ...(await measureEcho(ticket, seen.stream)) };
            }
            form.querySelector('input[name="ve"]').value = ticket;
            const isGood = show(figures);
            say(isGood ? 'Đo xong, các số đo đạt yêu cầu. Xin xem lại rồi bấm “Ghi kết quả”.' :
                'Đo xong, có số đo chưa đạt yêu cầu. Xin ghi nhận xét rồi bấm “Ghi kết quả”.', 100);
            form.scrollIntoView({ block: 'nearest' });
        } finally {
            close();
        }
    };

    button.addEventListener('click', async () => {
        button.disabled = true;
        form.hidden = true;
        try {
            await run();
        } catch (error) {
            say(error instanceof Refused ? error.message : 'Đường truyền bị ngắt khi đang đo; xin kiểm tra kết nối rồi bấm lại.');
        } finally {
            button.disabled = false;
            button.textContent = 'Kiểm tra lại';
        }
    });
})();
