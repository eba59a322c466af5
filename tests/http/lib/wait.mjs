// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as pause } from 'node:timers/promises';

/* Valgrind and sanitizers stretch every deadline alike. */
export const STRETCH = Number(process.env.METE_PATIENCE ?? 1);
/* A deadline only ends a test that hangs: however short a calm machine takes, a busy one gets a minute. */
const LEAST_MS = 60_000;

export const deadline = (ms) => Math.max(ms * STRETCH, LEAST_MS);

/* Resolves with the first truthy value of condition(); throws what it waited for after deadlineMs: 'what', or what()
   says of it then. */
export async function until(condition, deadlineMs = 10_000, what = 'a condition') {
    const end = Date.now() + deadline(deadlineMs);
    for (let step = 5; ; step = Math.min(step * 1.5, 200)) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end)
            throw new Error(`waited ${deadline(deadlineMs)} ms for ${typeof what === 'function' ? what() : what}`);
        await pause(step);
    }
}

const utcDay = () => new Date().toISOString().slice(0, 10);

/* What counts UTC days: where it failed because midnight fell into it, it is run once more. */
export async function withinOneDay(action) {
    const day = utcDay();
    try {
        return await action();
    } catch (error) {
        if (utcDay() === day) throw error;
        return action();
    }
}

/* A time zone in which it is about noon now, so that no day of it begins or ends while a test runs; and the calendar
   day that a moment has there. */
export function noonZone() {
    const hours = 12 - new Date().getUTCHours();
    return {
        name: `Etc/GMT${hours < 0 ? '+' : '-'}${Math.abs(hours)}`,
        dayOf: (ms) => new Date(ms + hours * 3_600_000).toISOString().slice(0, 10),
    };
}
