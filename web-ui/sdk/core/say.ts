// SPDX-License-Identifier: MIT
// What the SDK tells those who build the page, in the console. The words are in a part of their own: it is
// loaded when there is something to warn of, or when ?mete_debug or localStorage's mete_debug asks for all.

import { tried } from './tool';

/** Of a kind, with what it is about. */
export type Say = (isWarning: boolean | number, kind: string, ...about: any[]) => void;

export interface SayModule {
    say(kind: string, about: any[]): void;
}

export function createSay(load: (fn: (part: SayModule) => void) => void): Say {
    const isAsked = /[?&]mete_debug/.test(location.search) || !!tried(() => localStorage.getItem('mete_debug'));
    return (isWarning, kind, ...about) => {
        if (isWarning || isAsked) load((part) => part.say(kind, about));
    };
}
