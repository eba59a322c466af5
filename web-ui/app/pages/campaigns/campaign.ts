// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign as the API shows it.
import type { CampaignStatus, Kind } from '../../lib/kinds';
import type { Tone } from '../../ui/parts';
import type { Decision } from '../decision/decision';

export interface Variant {
    key: string;
    name?: string | null;
    weight: number;
    is_control: boolean;
    flags: Record<string, unknown>;
}

/* What a phase began with; it never changes. */
export interface Phase {
    number: number;
    started_at: string;
    ended_at: string | null;
    variants: Variant[];
    dimensions: string[];
}

export interface Campaign {
    key: string;
    name: string;
    kind: Kind;
    status: CampaignStatus;
    labels: string[];
    phase: number;
    phases: Phase[];
    variants: Variant[];
    metrics: { key: string; role: string }[];
    coverage: number;
    import: number | null;
    decision: Decision | null;
    rollout: string | null; // key of what its winner was shipped as
    origin: string | null; // of a rollout: key of the experiment whose winner it is
    created_at: string;
    updated_at: string;
}

const TONES: Record<CampaignStatus, Tone> = {
    draft: 'plain',
    running: 'good',
    paused: 'warn',
    stopped: 'accent',
    archived: 'plain',
};

export const statusTone = (status: CampaignStatus): Tone => TONES[status];
