// SPDX-License-Identifier: MIT
// Moments as conditions compare them: RFC 3339, years 1970-9999, a lone day is midnight UTC; the
// same as clock_parse of the server.

const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d)))?$/;

/** A text that orders as the moments do, to the microsecond; empty: it is no moment. */
export function moment(text: string): string {
    const [all, day, time, fraction, sign, hours, minutes] = MOMENT.exec(text) || [];
    if (!all) return '';
    const written = day + 'T' + (time || '00:00:00');
    const local = Date.parse(written + 'Z');
    if (!(local >= 0) || new Date(local).toISOString().slice(0, 19) !== written) return '';
    const offset = sign ? +(sign + 1) * (+hours! * 60 + +minutes!) : 0;
    const at = local - offset * 60_000;
    if (at < 0 || (sign && (+hours! > 23 || +minutes! > 59))) return '';
    return String(at).padStart(15, '0') + (fraction || '').padEnd(6, '0').slice(0, 6);
}
