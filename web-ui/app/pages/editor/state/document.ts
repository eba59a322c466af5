// SPDX-License-Identifier: GPL-3.0-or-later
// What of a campaign is written in the editor, and how two versions of it differ.
import type { CampaignStatus, Kind } from '../../../lib/kinds';
import { replaced } from '../../../lib/patch';

export type Condition = Record<string, unknown>;

export interface WebChange {
    type: string;
    selector?: string | null;
    name?: string | null;
    value?: string | null;
    title?: string | null;
    label?: string | null;
    position?: string | null;
    place?: string | null;
    target?: string | null;
    url?: string | null;
    end?: string | null;
}

export interface Variant {
    key: string;
    name: string;
    weight: number;
    is_control: boolean;
    flags: Record<string, unknown>;
    changes: WebChange[];
}

export interface PageRule {
    match: string;
    value: string;
    is_excluded: boolean;
}

export interface Moment {
    on: string;
    amount?: number | null;
    selector?: string | null;
    name?: string | null;
}

export interface Statistics {
    method: 'always_valid' | 'fixed' | 'group_sequential';
    planned_units: number | null;
    minimum_uplift: number;
    looks: number;
    [other: string]: unknown;
}

export interface MetricMember {
    key: string;
    role: 'primary' | 'secondary' | 'guardrail';
    margin?: number | null;
}

export interface Campaign {
    key: string;
    kind: Kind;
    status: CampaignStatus;
    phase: number;
    name: string;
    description: string;
    hypothesis: string;
    labels: string[];
    priority: number;
    coverage: number;
    audience: Condition | null;
    triggers: { pages: PageRule[]; moments: Moment[] } | null;
    layer: { key: string; share: number } | null;
    schedule: { start: string | null; end: string | null } | null;
    variants: Variant[];
    forced: Record<string, string>;
    metrics: MetricMember[];
    confidence: number;
    statistics: Statistics;
}

/* The members that can be written. Each is saved by itself, so that one that is not right yet holds none of the
 * others back. */
export const MEMBERS = [
    'name',
    'description',
    'hypothesis',
    'labels',
    'priority',
    'coverage',
    'audience',
    'triggers',
    'layer',
    'schedule',
    'variants',
    'forced',
    'metrics',
    'confidence',
    'statistics',
] as const;
export type Member = (typeof MEMBERS)[number];
export type Edits = Partial<Pick<Campaign, Member>>;

/* The same whatever the order of keys; a null member of an object is as none. */
export function isSame(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return (a ?? null) === (b ?? null);
    if (Array.isArray(a) || Array.isArray(b)) {
        return (
            Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]))
        );
    }
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]));
}

export const changedMembers = (before: Campaign, after: Campaign): Member[] =>
    MEMBERS.filter((member) => !isSame(before[member], after[member]));

export const memberOf = (pointer: string): Member | null =>
    MEMBERS.find((member) => member === pointer.split('/')[1]) ?? null;

export function pick(campaign: Campaign, members: Member[]): Edits {
    return Object.fromEntries(members.map((member) => [member, campaign[member]])) as Edits;
}

/* What visitors see: a change of these in a started campaign opens a new phase. */
export const SERVED: Member[] = ['audience', 'triggers', 'variants'];

/* As JSON merge patch: an object is replaced whole, so members it no longer has are said to be null. */
export function patchOf(before: Campaign, edits: Edits): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(edits).map(([member, value]) => [member, replaced(before[member as Member], value)]),
    );
}
