// SPDX-License-Identifier: GPL-3.0-or-later
// What a site needs to begin, and how far it is: as the API says it.

export interface Seen {
    name: string;
    at: string;
}

export interface Install {
    edge_url: string | null;
    client_keys: { id: number; name: string; token: string }[];
    last_event: Seen | null;
    last_exposure: Seen | null;
    last_goal: Seen | null;
    goal_events: string[];
    campaign: { key: string; name: string } | null;
    has_started: boolean;
}

export const INSTALL = '/install';
export const INSTALL_PAGE = '/app/install';
