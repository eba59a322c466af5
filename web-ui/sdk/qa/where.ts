// SPDX-License-Identifier: MIT
// What a campaign is about on this page, for those who ask why: it is on, or what it waits for.

import type { Run } from '../core/run';
import { isOnPage } from '../core/trigger';
import type { MomentTrigger, PageInfo } from '../core/types';

export interface Where {
    is: 'here' | 'elsewhere' | 'absent' | 'asks' | 'waits';
    /** Pages, selectors, flags or moments. */
    of: string[];
}

/** How many elements of the page a selector finds, without what the SDK put there; -1: it is none. */
export function countOf(selector: string): number {
    try {
        return [...document.querySelectorAll(selector)].filter((element) => !element.closest('[data-mete]')).length;
    } catch (_) {
        return -1;
    }
}

const momentOf = ({ on, amount, selector, name }: MomentTrigger): string =>
    [on, amount, selector, name].filter((part) => part || part === 0).join(' ');

export function whereOf(run: Run, page: PageInfo): Where {
    const { campaign, triggers = {} } = run.decision;
    if (run.isOn()) return { is: 'here', of: [] };
    if (!isOnPage(triggers)) {
        const of = (triggers.pages || []).map(({ value, is_excluded }) => (is_excluded ? `!${value}` : value));
        return { is: 'elsewhere', of };
    }
    const { targets = [], flags } = page.campaigns[campaign]!;
    if (targets.length && !targets.some((selector) => countOf(selector) > 0)) return { is: 'absent', of: targets };
    if (!targets.length && flags.length) return { is: 'asks', of: flags };
    return { is: 'waits', of: (triggers.moments || []).map(momentOf) };
}
