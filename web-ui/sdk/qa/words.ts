// SPDX-License-Identifier: MIT
// What the overlay says, in the browser's language.

const ENGLISH = {
    title: 'Preview',
    end: 'End',
    move: 'Move: drag, or arrow keys',
    fold: 'Fold',
    unfold: 'Unfold',
    none: 'No campaign is running.',
    others: 'Other campaigns',
    nothing: 'nothing',
    here: 'on this page',
    elsewhere: 'not on this page: it begins on {of}',
    waits: 'waits on this page for: {of}',
    absent: 'waits on this page for an element',
    asks: 'waits until the page asks for {of}',
    one: '1 element',
    many: '{count} elements',
    zero: 'no element',
    broken: 'is no selector',
    until: 'This link shows a draft, until {time}. Nothing is counted.',
    failed: 'The preview cannot be shown: {why}. This is the ordinary page.',
    refused: '{why}',
    unfit: '{why}',
    unreached: 'the server could not be reached',
    close: 'Close',
    bucket: 'by chance, as every visitor',
    forced: 'as a testing visitor',
    preview: 'chosen here',
    panic: 'everybody gets the control: panic is on',
    junk_id: 'the id is nobody’s',
    schedule: 'not now: before its start or after its end',
    holdout: 'held out of all campaigns',
    layer: 'another campaign of the layer has this visitor',
    audience: 'not in the audience',
    coverage: 'not among the visitors that take part',
    point: 'Goal',
    pointAt: 'Click on what is to count: a button, a link, a form. Nothing happens on the page meanwhile.',
    browsing: 'The page works as always: go to where the goal is, then point at it.',
    browse: 'Use the page',
    seen: 'This page is seen',
    clicked: 'It is clicked',
    sent: 'Its form is sent',
    found: 'Which elements count',
    path: 'The page {path}',
    take: 'Take this goal',
    to: 'goes to {desk}',
};

const GERMAN: typeof ENGLISH = {
    title: 'Vorschau',
    end: 'Beenden',
    move: 'Verschieben: ziehen, oder Pfeiltasten',
    fold: 'Einklappen',
    unfold: 'Ausklappen',
    none: 'Es läuft keine Kampagne.',
    others: 'Andere Kampagnen',
    nothing: 'nichts',
    here: 'auf dieser Seite',
    elsewhere: 'nicht auf dieser Seite: sie beginnt auf {of}',
    waits: 'wartet auf dieser Seite auf: {of}',
    absent: 'wartet auf dieser Seite auf ein Element',
    asks: 'wartet, bis die Seite nach {of} fragt',
    one: '1 Element',
    many: '{count} Elemente',
    zero: 'kein Element',
    broken: 'ist kein Selektor',
    until: 'Dieser Link zeigt einen Entwurf, bis {time}. Nichts davon wird gezählt.',
    failed: 'Die Vorschau kann nicht gezeigt werden: {why}. Dies ist die gewöhnliche Seite.',
    refused: 'der Link gilt hier nicht, oder nicht mehr; bitten Sie um einen neuen',
    unfit: 'der Entwurf ist noch nicht vollständig',
    unreached: 'der Server war nicht zu erreichen',
    close: 'Schließen',
    bucket: 'durch Zufall, wie alle',
    forced: 'als testende Person',
    preview: 'hier gewählt',
    panic: 'alle bekommen die Kontrolle: der Notschalter ist an',
    junk_id: 'diese Kennung gehört niemandem',
    schedule: 'nicht jetzt: vor dem Beginn oder nach dem Ende',
    holdout: 'von allen Kampagnen ausgenommen',
    layer: 'eine andere Kampagne der Ebene hat diesen Besucher',
    audience: 'nicht in der Zielgruppe',
    coverage: 'nicht unter denen, die teilnehmen',
    point: 'Ziel',
    pointAt: 'Klicken Sie auf das, was zählen soll: Knopf, Link, Formular. Auf der Seite geschieht dabei nichts.',
    browsing: 'Die Seite tut, was sie immer tut: gehen Sie dorthin, wo das Ziel ist, und zeigen Sie dann darauf.',
    browse: 'Seite benutzen',
    seen: 'Diese Seite wird gesehen',
    clicked: 'Es wird angeklickt',
    sent: 'Sein Formular wird abgeschickt',
    found: 'Welche Elemente zählen',
    path: 'Die Seite {path}',
    take: 'Dieses Ziel nehmen',
    to: 'geht an {desk}',
};

export type Word = keyof typeof ENGLISH;

const isGerman = (): boolean => /^de/i.test(navigator.language || '');

export function word(key: Word, values: { [name: string]: string | number } = {}): string {
    const text: string = (isGerman() ? GERMAN : ENGLISH)[key] || key;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Of elements that a selector finds; -1: it is none. */
export const countWord = (count: number): string =>
    count < 0 ? word('broken') : count ? word(count > 1 ? 'many' : 'one', { count }) : word('zero');
