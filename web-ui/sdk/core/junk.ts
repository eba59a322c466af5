// SPDX-License-Identifier: MIT
// What a page writes where it has no id. The edge refuses such visitors (an environment may list more).

/** As environments begin with. */
export const JUNK = [
    'null',
    'undefined',
    'nan',
    'none',
    'nil',
    'false',
    'true',
    '0',
    '-1',
    'anonymous',
    'unknown',
    'guest',
    'n/a',
    'not set',
    '(not set)',
    '(none)',
    'visitor_id',
    'user_id',
    '[object object]',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
];

export function isJunk(id: string, list = JUNK): boolean {
    const folded = id.replace(/^[ \t"'`]+|[ \t"'`]+$/g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    return list.includes(folded) || /^([0-]*|\{\{.*\}\}|\$\{.*\})$/s.test(folded);
}
