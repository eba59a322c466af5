// SPDX-License-Identifier: GPL-3.0-or-later
// What of campaigns the list of flags looks at.
export interface Campaign {
    key: string;
    name: string;
    kind: string;
    status: string;
    coverage: number;
    audience: unknown;
    triggers: unknown;
    variants: { flags: Record<string, unknown>; changes: unknown[] }[];
}
