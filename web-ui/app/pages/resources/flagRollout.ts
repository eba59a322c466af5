// SPDX-License-Identifier: GPL-3.0-or-later
// A yes-or-no flag that is turned on for a share of visitors: by a rollout of its own, which is nothing but that.
import { change } from '../../lib/api';
import { t } from '../../lib/i18n';
import type { Campaign } from './served';

const isLive = ({ status }: Campaign): boolean => status === 'running' || status === 'paused';

/* Sets the flag for everybody who comes by, and nothing else. */
export function isOwnRollout(campaign: Campaign, flag: string): boolean {
    const [variant, ...others] = campaign.variants;
    return (
        campaign.kind === 'rollout' &&
        isLive(campaign) &&
        others.length === 0 &&
        campaign.audience === null &&
        campaign.triggers === null &&
        Object.keys(variant?.flags ?? {}).join() === flag &&
        variant?.flags[flag] === true &&
        variant.changes.length === 0
    );
}

export const rolloutOf = (campaigns: Campaign[], flag: string): Campaign | undefined =>
    campaigns.find((campaign) => isOwnRollout(campaign, flag));

export const settingOf = (campaigns: Campaign[], flag: string): Campaign[] =>
    campaigns.filter((campaign) => isLive(campaign) && campaign.variants.some(({ flags }) => flag in flags));

const path = (key: string): string => `/campaigns/${encodeURIComponent(key)}`;

/* A key that no campaign has: the flag's, and a number where need be. */
function freeKey(campaigns: Campaign[], flag: string): string {
    for (let n = 1; ; n += 1) {
        const key = `${flag.slice(0, 50)}-on${n > 1 ? `-${n}` : ''}`;
        if (!campaigns.some((one) => one.key === key)) return key;
    }
}

/* Turns it on for a share of all visitors: goes on with its rollout, or begins one. */
export async function turnOn(campaigns: Campaign[], flag: string, share: number): Promise<void> {
    const own = rolloutOf(campaigns, flag);
    if (own) {
        if (own.coverage !== share) await change('PATCH', path(own.key), { coverage: share });
        if (own.status === 'paused') await change('POST', `${path(own.key)}/resume`);
        return;
    }
    const key = freeKey(campaigns, flag);
    await change('POST', '/campaigns', {
        key,
        name: t('flags.rollout.name', { key: flag }),
        kind: 'rollout',
        coverage: share,
        variants: [{ key: 'on', name: t('editor.variant.on'), weight: 1, flags: { [flag]: true } }],
    });
    await change('POST', `${path(key)}/start`);
}

/* Whoever comes back to it later finds the same visitors. */
export const turnOff = (own: Campaign): Promise<unknown> => change('POST', `${path(own.key)}/pause`);
