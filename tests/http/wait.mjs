// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as pause } from 'node:timers/promises';

/* Valgrind and sanitizers stretch every deadline alike. */
const PATIENCE = Number(process.env.METE_PATIENCE ?? 1);

/* Resolves with the first truthy value of condition(); throws what it waited for after deadlineMs. */
export async function until(condition, deadlineMs = 10_000, what = 'a condition') {
    const end = Date.now() + deadlineMs * PATIENCE;
    for (let step = 5; ; step = Math.min(step * 1.5, 200)) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end) throw new Error(`waited ${deadlineMs * PATIENCE} ms for ${what}`);
        await pause(step);
    }
}

export const deadline = (ms) => ms * PATIENCE;
