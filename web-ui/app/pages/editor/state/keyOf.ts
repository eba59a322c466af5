// SPDX-License-Identifier: GPL-3.0-or-later
// A key out of a name: what it is called in code, decisions and results.
const SPECIAL: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', æ: 'ae', ø: 'o', å: 'a' };

export const keyOf = (name: string): string =>
    name
        .toLowerCase()
        .replace(/[äöüßæøå]/g, (letter) => SPECIAL[letter] ?? '')
        .normalize('NFD')
        .replace(/[\u0300-\u036f]/g, '')
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '')
        .slice(0, 64)
        .replace(/_+$/, '');
