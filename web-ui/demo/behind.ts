// SPDX-License-Identifier: GPL-3.0-or-later
// The foot of each page: who mete takes this visitor for and what it gets, and a way to be somebody
// else. No real shop has this.

import { find } from './view';

interface Mete {
    ready: Promise<void>;
    visitorId(): string | null;
    decisions(): { campaign: string; variant: string | null }[];
    subscribe(fn: () => void): () => void;
    optOut(isOut?: boolean): void;
}

const client = (): Mete | undefined => (window as unknown as { mete?: Mete }).mete;

function show(mete: Mete): void {
    const served = mete.decisions().filter(({ variant }) => variant);
    find('[data-visitor]')!.textContent = mete.visitorId() ?? 'unknown';
    find('[data-variant]')!.textContent =
        served.map(({ campaign, variant }) => `${campaign}: ${variant}`).join(', ') || 'no experiment';
}

/* An opt-out forgets everything; taken back, a new visitor begins. */
function comeAgain(mete: Mete): void {
    localStorage.clear();
    sessionStorage.clear();
    mete.optOut(true);
    mete.optOut(false);
    location.assign('/demo/');
}

export function showBehind(): void {
    const mete = client();
    if (!mete) return;
    mete.ready.then(() => show(mete));
    mete.subscribe(() => show(mete));
    find('[data-again]')!.addEventListener('click', () => comeAgain(mete));
}
