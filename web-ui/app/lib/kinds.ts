// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of campaigns and their rules, row by row as in server/model/campaign/campaign_kind.c: a unit test
// holds the two equal.

export const KIND_RULES = {
    experiment: {
        leastVariants: 2,
        mostVariants: 50,
        needsControl: true,
        needsMetric: true,
        canHaveLayer: true,
        canHoldOut: false,
    },
    rollout: {
        leastVariants: 1,
        mostVariants: 50,
        needsControl: false,
        needsMetric: false,
        canHaveLayer: true,
        canHoldOut: false,
    },
    holdout: {
        leastVariants: 2,
        mostVariants: 2,
        needsControl: true,
        needsMetric: false,
        canHaveLayer: false,
        canHoldOut: true,
    },
} as const;

export type Kind = keyof typeof KIND_RULES;
export const KINDS = Object.keys(KIND_RULES) as Kind[];
export const CAMPAIGN_STATUSES = ['draft', 'running', 'paused', 'stopped', 'archived'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];
