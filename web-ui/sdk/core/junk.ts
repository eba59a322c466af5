// SPDX-License-Identifier: MIT
// What a page writes where it has no id. The edge refuses such visitors (an environment may list more).

/** As environments begin with, in quotes and blanks; nothing but zeros, and what a template left. */
const JUNK =
    /^[ \t"'`]*(n(ull|an|one|il|\/a|ot set)|undefined|false|true|-1|anonymous|unknown|guest|\((not set|none)\)|(visitor|user)_id|\[object object\]|[0-]*|[f-]{36}|\{\{.*\}\}|\$\{.*\})[ \t"'`]*$/is;

export const isJunk = (id: string): boolean => JUNK.test(id);
