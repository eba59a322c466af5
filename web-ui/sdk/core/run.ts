// SPDX-License-Identifier: MIT
// One campaign on one page: waits for its trigger and for what any of its arms would touch; then,
// in every arm at the same moment, reports the exposure and applies the changes there are.

import type { ChangeContext } from './change';
import { createPatch, type Claim, type LoadWidget, type Patch } from './patch';
import { findAll } from './tool';
import { atMoment, isOnPage, type Occasions } from './trigger';
import type { Decision, Touched } from './types';

export interface RunContext {
    touched: Touched;
    change: ChangeContext;
    occasions: Occasions;
    loadWidget: LoadWidget;
    expose(decision: Decision, isLate: boolean): void;
    /** No campaign before this one has changed it. */
    isFree(element: Element): boolean;
    claim: Claim;
}

export interface Run {
    decision: Decision;
    /** The address has changed, or the page has just begun. */
    enter(): void;
    /** Something on the page has changed. */
    look(): void;
    /** The page has asked for the campaign's flag or variant. */
    ask(): void;
    leave(): void;
    isOn(): boolean;
}

/** 'isLate': the page has shown its default by now, and goes on with it. */
export function createRun(decision: Decision, isLate: boolean, context: RunContext): Run {
    const { touched, change, occasions, loadWidget, expose, isFree, claim } = context;
    let isTriggered = false;
    let isAsked = false;
    let isExposed = false;
    let end: (() => void) | null = null;
    let patch: Patch | null = null;

    const isThere = (): boolean =>
        isAsked ||
        (touched.targets
            ? !touched.targets.length ||
              touched.targets.some((selector) =>
                  findAll(selector).some((element) => (touched.shared || []).includes(selector) || isFree(element)),
              )
            : !touched.flags.length);

    function look(): void {
        if (patch) return patch.scan();
        if (!isTriggered || isExposed || !isThere()) return;
        isExposed = true;
        expose(decision, isLate);
        if (isLate || !decision.changes) return;
        patch = createPatch(decision.changes, change, loadWidget, claim);
        patch.scan();
    }

    function leave(): void {
        if (end) end();
        if (patch) patch.undo();
        end = patch = null;
        isTriggered = isExposed = isAsked = isLate = false;
    }

    return {
        decision,
        enter() {
            if (!isOnPage(decision.triggers)) return leave();
            if (end) return look();
            end = () => {};
            end = atMoment(decision.triggers, occasions, () => {
                isTriggered = true;
                look();
            });
        },
        look,
        ask() {
            isAsked = true;
            look();
        },
        leave,
        isOn: () => patch !== null || isExposed,
    };
}
