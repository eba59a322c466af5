// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign as the API shows it.
import type { Tone } from '../../ui/parts';

export const CAMPAIGN_STATUSES = ['draft', 'running', 'paused', 'stopped', 'archived'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export interface Variant {
    key: string;
    name?: string | null;
    weight: number;
    is_control: boolean;
    flags: Record<string, unknown>;
}

export interface Campaign {
    key: string;
    name: string;
    kind: 'experiment' | 'rollout' | 'holdout';
    status: CampaignStatus;
    labels: string[];
    phase: number;
    variants: Variant[];
    metrics: { key: string; role: string }[];
    created_at: string;
    updated_at: string;
}

const TONES: Record<CampaignStatus, Tone> = {
    draft: 'plain', running: 'good', paused: 'warn', stopped: 'accent', archived: 'plain',
};

export const statusTone = (status: CampaignStatus): Tone => TONES[status];
