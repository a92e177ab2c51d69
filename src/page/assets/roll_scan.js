// The roll's scanner: the back camera, one code after the other, the outcome in words over the whole picture; no sound.
// A module, loaded when it is first opened. Codes are read by the browser, and by the package qr where it cannot.
const SAME_CODE_MS = 4000; // the same paper held still is one scan
const EVERY_MS = 120;
const WIDTH_MAX = 720;

async function makeReader() {
    try {
        if ('BarcodeDetector' in self && (await self.BarcodeDetector.getSupportedFormats()).includes('qr_code')) {
            const detector = new self.BarcodeDetector({ formats: ['qr_code'] });
            return async (video) => (await detector.detect(video))[0]?.rawValue || '';
        }
    } catch { /* it is named but does not work here */ }
    const { decodeQR } = await import('./qr/decode.js');
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d', { willReadFrequently: true });
    return async (video) => {
        const scale = Math.min(1, WIDTH_MAX / video.videoWidth);
        canvas.width = Math.round(video.videoWidth * scale);
        canvas.height = Math.round(video.videoHeight * scale);
        context.drawImage(video, 0, 0, canvas.width, canvas.height);
        try {
            return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
        } catch {
            return ''; // no code in this picture
        }
    };
}

const noCamera = (error) => (error && error.name === 'NotAllowedError'
    ? 'Chưa được phép dùng máy ảnh. Xin cho phép trong cài đặt của trình duyệt rồi mở lại, hoặc gõ tên để tìm.'
    : 'Không mở được máy ảnh trên máy này. Xin gõ tên để tìm.');

// take(text) -> {kind, words}; done when the person closes it.
export async function openScanner({ take, count }) {
    const read = await makeReader();
    const dialog = document.createElement('dialog');
    dialog.className = 'roll-scan';
    dialog.setAttribute('aria-label', 'Quét mã học viên');
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    const words = document.createElement('p');
    words.className = 'roll-scan-words';
    words.setAttribute('role', 'status');
    words.textContent = 'Đang mở máy ảnh…';
    const total = document.createElement('p');
    total.className = 'roll-scan-count';
    const close = document.createElement('button');
    close.type = 'button';
    close.className = 'button main';
    close.textContent = 'Xong';
    close.addEventListener('click', () => dialog.close());
    dialog.append(video, words, total, close);
    document.body.append(dialog);
    dialog.showModal();

    const closed = new Promise((resolve) => dialog.addEventListener('close', resolve));
    let isOpen = true;
    closed.then(() => { isOpen = false; });
    let stream = null;
    try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
        video.srcObject = stream;
        await video.play();
        words.textContent = 'Đưa mã của học viên vào giữa khung hình';
    } catch (error) {
        words.textContent = noCamera(error);
        dialog.classList.add('is-late');
    }
    let last = '';
    let lastAt = 0;
    const look = async () => {
        if (!isOpen) return;
        const text = video.readyState >= 2 ? await read(video).catch(() => '') : '';
        const now = performance.now();
        if (text && (text !== last || now - lastAt > SAME_CODE_MS)) {
            const { kind, words: outcome } = await take(text);
            words.textContent = outcome;
            dialog.classList.remove('is-done', 'is-soon', 'is-late');
            void dialog.offsetWidth; // the flash starts anew
            dialog.classList.add(`is-${kind}`);
        }
        if (text) {
            last = text;
            lastAt = now;
        }
        total.textContent = count();
        setTimeout(look, EVERY_MS);
    };
    if (stream) look();
    await closed;
    if (stream) stream.getTracks().forEach((track) => track.stop());
    dialog.remove();
}
