// SPDX-License-Identifier: GPL-3.0-or-later
// Files that the browser saves.

export function save(blob: Blob, name: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/* A cell that a spreadsheet takes as text even when it begins like a formula. */
function cell(value: unknown): string {
    const text = value === null || value === undefined ? '' : String(value);
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvOfRows = (rows: unknown[][]): string =>
    rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
