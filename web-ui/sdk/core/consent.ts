// SPDX-License-Identifier: MIT
// May anything be stored or sent? Not before consent where the site asks for it, not against a
// signal that the site honours, and not after an opt-out.

import { tried } from './tool';
import type { Options } from './types';

const OPT_OUT = 'mete_optout';
const CONSENT = 'mete_consent';

const read = (name: string): string | null => tried(() => localStorage.getItem(name), null);
const write = (name: string, value: string | null): void =>
    tried(() => (value ? localStorage.setItem(name, value) : localStorage.removeItem(name)));

function isRefusedByBrowser(honor: string | readonly string[]): boolean {
    const n = navigator as any;
    return (
        (honor.includes('gpc') && n.globalPrivacyControl === true) || (honor.includes('dnt') && n.doNotTrack === '1')
    );
}

export interface Consent {
    isGiven(): boolean;
    give(isGiven: boolean): void;
    optOut(isOut: boolean): void;
}

export function createConsent(options: Options): Consent {
    let given = options.consent !== 'required' || read(CONSENT) === '1';
    let isOut = read(OPT_OUT) === '1';
    return {
        isGiven: () => given && !isOut && !isRefusedByBrowser(options.honor || []),
        give(isGiven) {
            given = isGiven;
            write(CONSENT, isGiven && options.consent === 'required' ? '1' : null);
        },
        optOut(out) {
            isOut = out;
            write(OPT_OUT, out ? '1' : null);
        },
    };
}
