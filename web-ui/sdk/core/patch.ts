// SPDX-License-Identifier: MIT
// What a variant does to this page, kept up as elements come and go, and taken back as a whole.

import { applyChange, isWidget, type Applied, type ChangeContext } from './change';
import { findAll } from './tool';
import type { Change } from './types';

/* It waits for its target, or for the rest of its element. */
const isAwaited = (change: Change): boolean => change.type === 'move' || change.type === 'html';

/* A script that insists on its own content wins in the end. */
const TRIES = 20;

/** An element is of the first campaign that changes it: may this one? */
export type Claim = (element: Element) => boolean;

/* What stands beside or in an element leaves it to others. */
const isShared = (change: Change): boolean =>
    !change.selector ||
    isWidget(change) ||
    /^(insert|script)$/.test(change.type) ||
    (change.type === 'html' && !!change.position);

export interface Patch {
    scan(): void;
    undo(): void;
}

export type Widget = (change: Change, element: Element | null, context: ChangeContext) => Applied | null;
export type LoadWidget = (type: string, fn: (widget: Widget) => void) => void;

interface Done {
    applied: Applied | null;
    tries: number;
}

export function createPatch(changes: Change[], context: ChangeContext, loadWidget: LoadWidget, claim: Claim): Patch {
    const done = changes.map(() => new Map<Element, Done>());
    let isOver = false;

    function apply(change: Change, element: Element, row: Done): void {
        row.tries++;
        if (!isWidget(change)) {
            row.applied = applyChange(element, change, context);
            return;
        }
        loadWidget(change.type, (widget) => {
            if (!isOver) row.applied = widget(change, change.selector ? element : null, context);
        });
    }

    /* What is moved may leave its place to another that the selector then finds: it moves one. */
    function look(change: Change, rows: Map<Element, Done>): void {
        const elements = change.selector ? findAll(change.selector) : [document.documentElement];
        elements.forEach((element) => {
            if (!isShared(change) && !claim(element)) return;
            const row = rows.get(element);
            if (row && (!row.applied || row.applied.holds() || row.tries >= TRIES)) return;
            if (element.closest('[data-mete]') || (!row && change.type === 'move' && rows.size)) return;
            if (row && row.applied!.again) {
                row.tries++;
                row.applied!.again();
                return;
            }
            const next = row || { applied: null, tries: 0 };
            rows.set(element, next);
            apply(change, element, next);
            if (!next.applied && isAwaited(change)) rows.delete(element);
        });
        rows.forEach((_, element) => element.isConnected || rows.delete(element));
    }

    return {
        scan: () => changes.forEach((change, i) => look(change, done[i]!)),
        undo() {
            isOver = true;
            done.reverse().forEach((rows) => rows.forEach((row) => row.applied && row.applied.undo()));
        },
    };
}
