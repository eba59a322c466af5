// SPDX-License-Identifier: MIT
// Decisions from the configuration (GET /v1/config): the same steps in the same order as the edge,
// and so the same answers.

import { own } from '../core/tool';
import type { Attributes, Change, Decision, Forced, PageInfo, Reply, Triggers, Value } from '../core/types';
import { bucketOf, nameOf, ownerOf } from './bucket';
import { matches } from './condition';

export interface ConfigVariant {
    variant: string;
    weight: number;
    is_control: boolean;
    flags: { [key: string]: Value };
    changes?: Change[];
}

export interface ConfigCampaign {
    campaign: string;
    kind: string;
    phase: number;
    seed: string;
    coverage: number;
    schedule: { start?: string | null; end?: string | null } | null;
    audience: object | null;
    layer: { key: string; ranges: [number, number][] } | null;
    /** Variants by nameOf(seed, visitor). */
    forced: { [name: string]: string };
    triggers?: Triggers;
    variants: ConfigVariant[];
}

export interface Config {
    snapshot: number;
    is_panic: boolean;
    flags: { [key: string]: Value };
    layers: { [key: string]: string };
    junk_ids: string[];
    /** Holdouts first, then by priority and key. */
    campaigns: ConfigCampaign[];
    page: PageInfo;
}

interface Found {
    variant: ConfigVariant | null;
    reason: string;
}

/* Of the environment's list; as model/junk_id.c of the server has it. */
function isJunk(id: string, list: string[]): boolean {
    const folded = id.replace(/^[ \t"'`]+|[ \t"'`]+$/g, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    return list.includes(folded) || /^([0-]*|\{\{.*\}\}|\$\{.*\})$/s.test(folded);
}

const timeOf = (text: string | null | undefined, otherwise: number): number => (text ? Date.parse(text) : otherwise);

function find(
    config: Config,
    c: ConfigCampaign,
    visitor: string,
    attributes: object,
    now: number,
    isHeldOut: boolean,
): Found {
    const no = (reason: string): Found => ({ variant: null, reason });
    const schedule = c.schedule || {};
    if (isJunk(visitor, config.junk_ids)) return no('junk_id');
    if (now < timeOf(schedule.start, -Infinity) || now >= timeOf(schedule.end, Infinity)) return no('schedule');
    const name = nameOf(c.seed, visitor);
    const forced = own(c.forced, name) && c.variants.find((v) => v.variant === c.forced[name]);
    if (forced) return { variant: forced, reason: 'forced' };
    if (isHeldOut && c.kind !== 'holdout') return no('holdout');
    if (c.layer) {
        const place = bucketOf(config.layers[c.layer.key] || '', visitor);
        if (!c.layer.ranges.some(([from, to]) => place >= from && place < to)) return no('layer');
    }
    if (c.audience && !matches(c.audience, attributes)) return no('audience');
    const owner = ownerOf(
        c.variants.map((v) => v.weight),
        c.coverage,
        bucketOf(c.seed, visitor),
    );
    return owner < 0 ? no('coverage') : { variant: c.variants[owner]!, reason: 'bucket' };
}

/** The control in place of the variant that was found; who is not served stays unserved. */
const panicked = (c: ConfigCampaign, found: Found): Found =>
    found.variant ? { variant: c.variants.find((v) => v.is_control) || null, reason: 'panic' } : found;

function decisionOf(c: ConfigCampaign, { variant, reason }: Found): Decision {
    return {
        campaign: c.campaign,
        phase: c.phase,
        ...(c.triggers && { triggers: c.triggers }),
        variant: variant && variant.variant,
        ...(variant && { is_control: variant.is_control, flags: variant.flags }),
        ...(variant && variant.changes && { changes: variant.changes }),
        reason,
    };
}

/** 'forced': variants by campaign, for looking at them. */
export function evaluate(
    config: Config,
    visitor: string,
    attributes: Attributes,
    now: number,
    forced: Forced = {},
): Reply {
    const known = JSON.parse(JSON.stringify(attributes)) as object;
    const flags = { ...config.flags };
    const isSet = new Set<string>();
    let isHeldOut = false;
    const decisions = config.campaigns.map((c) => {
        const wanted = own(forced, c.campaign) && c.variants.find((v) => v.variant === forced[c.campaign]);
        const calm = wanted ? { variant: wanted, reason: 'preview' } : find(config, c, visitor, known, now, isHeldOut);
        if (c.kind === 'holdout' && calm.variant && calm.variant.is_control) isHeldOut = true;
        const found = config.is_panic && !wanted ? panicked(c, calm) : calm;
        const { variant } = found;
        Object.keys((variant && variant.flags) || {}).forEach((key) => {
            if (!isSet.has(key)) flags[key] = variant!.flags[key]!;
            isSet.add(key);
        });
        return decisionOf(c, found);
    });
    return { visitor_id: visitor, snapshot: config.snapshot, decisions, flags, page: config.page };
}
