// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign under edit, as the editor's parts see it.
import type { Campaign, Edits, Member } from './document';

export type Saving = 'saved' | 'waiting' | 'saving' | 'refused' | 'offline';
export interface Fault {
    pointer: string;
    text: string;
}
export interface Conflict {
    theirs: Campaign;
    members: Member[];
}

/* Of a phase that a change opens: that of the one before, so that visitors stay, or a new one. */
export type Seed = 'keep' | 'new';

export interface Editing {
    campaign: Campaign;
    base: Campaign;
    saving: Saving;
    faults: Fault[];
    conflict: Conflict | null;
    others: Member[]; // changed by somebody else and taken over
    changed: Member[];
    mayEdit: boolean;
    isLive: boolean; // visitors see it: saved only when it is said
    revision: number; // grows when something else than the controls changed the document
    set: (edits: Edits) => void;
    save: (seed?: Seed) => Promise<boolean>;
    resolve: (choice: 'mine' | 'theirs') => void;
    reload: () => Promise<void>;
    discard: () => void;
    path: string;
    etag: string | null;
}

/* The sentence for a place in the document, or for the first one below it. */
export function faultAt(faults: Fault[], pointer: string, isBelow = false): string | undefined {
    return faults.find((fault) => fault.pointer === pointer || (isBelow && fault.pointer.startsWith(`${pointer}/`)))
        ?.text;
}
