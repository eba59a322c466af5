// SPDX-License-Identifier: GPL-3.0-or-later
// Times for <input type="datetime-local">, in the browser's zone.
const two = (n: number) => String(n).padStart(2, '0');

export function toLocal(time: string | null): string {
    if (!time) return '';
    const d = new Date(time);
    const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
    return `${day}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

export function fromLocal(text: string): string | null {
    const time = text ? new Date(text) : null;
    return time && !Number.isNaN(time.getTime()) ? time.toISOString() : null;
}
