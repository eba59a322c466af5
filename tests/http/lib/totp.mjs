// SPDX-License-Identifier: GPL-3.0-or-later
// What an authenticator app does: RFC 6238 with SHA-1, six digits, 30 s.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const STEP_MS = 30_000;

export function base32Bytes(text) {
    const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

export const stepNow = () => Math.floor(Date.now() / STEP_MS);

/* The code of a step. */
export function codeOf(secret, step) {
    const message = Buffer.alloc(8);
    message.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', base32Bytes(secret)).update(message).digest();
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
}
