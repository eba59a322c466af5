// SPDX-License-Identifier: MIT
// One campaign in the overlay: what this visitor gets, why, where, and what its selectors find.

import type { PreviewContext } from '../core/preview';
import type { Decision } from '../core/types';
import type { Shown } from './draft';
import { button, make } from './element';
import { countOf, whereOf } from './where';
import { countWord, word, type Word } from './words';

export const nameOf = ({ names }: Shown, campaign: string): string =>
    (names[campaign] && names[campaign]!.name) || campaign;

export const variantName = ({ names }: Shown, campaign: string, variant: string | null): string =>
    variant ? (names[campaign] && names[campaign]!.variants[variant]) || variant : word('nothing');

function where(context: PreviewContext, shown: Shown, campaign: string): string {
    const run = context.runs().find((r) => r.decision.campaign === campaign);
    if (!run) return '';
    const { is, of } = whereOf(run, shown.config.page);
    return word(is, { of: of.join(', ') });
}

function selectorsOf(shown: Shown, campaign: string): HTMLElement | null {
    const { targets = [] } = shown.config.page.campaigns[campaign]!;
    if (!targets.length) return null;
    const list = make('ul');
    targets.forEach((selector) => {
        const count = countOf(selector);
        const row = make('li');
        if (count < 1) row.setAttribute('data-none', '');
        row.append(make('code', selector), make('i', countWord(count)));
        list.appendChild(row);
    });
    return list;
}

/** 'choose' is called with a variant that was clicked. */
export function campaignPart(
    context: PreviewContext,
    shown: Shown,
    decision: Decision,
    choose: (variant: string) => void,
): HTMLElement {
    const { campaign, variant, reason } = decision;
    const place = where(context, shown, campaign);
    const said = `${variantName(shown, campaign, variant)}: ${word(reason as Word)}${place && `; ${place}`}`;
    const section = make('section');
    section.append(make('b', nameOf(shown, campaign)), make('small', said));
    const selectors = selectorsOf(shown, campaign);
    if (selectors) section.appendChild(selectors);
    shown.config.campaigns
        .find((c) => c.campaign === campaign)!
        .variants.forEach((one) => {
            const choice = button(variantName(shown, campaign, one.variant), () => choose(one.variant));
            choice.setAttribute('aria-pressed', String(one.variant === variant));
            section.appendChild(choice);
        });
    return section;
}
